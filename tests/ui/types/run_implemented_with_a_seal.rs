// The type of the seal has a name by the trait, and nothing that could be put into it has one.

use auth_api_key::{
    __private::{Ran, Route, Run},
    route,
};
use axum::{extract::Request, response::IntoResponse};

#[route("/my_service", auth = "api_key")]
async fn my_service() {}

#[derive(Clone)]
struct NoKeys;

type Seal = <__route_my_service_10 as Route>::Seal;

impl Run<NoKeys> for __route_my_service_10 {
    fn run(_: Request, _: NoKeys) -> Ran<Self> {
        Ran::new(Seal { 0: __Pass }, Box::pin(async { "no guard".into_response() }))
        //~^ 28
    }
}

fn main() {}

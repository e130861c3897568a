// The type of the seal has a name by the trait, and nothing that could be put into it has one.

use auth_api_key::{
    __private::{Nothing, Open, Ran, Route, Run, answer, run},
    route,
};
use axum::extract::Request;

#[route("/my_service", auth = "api_key")]
async fn my_service() {}

#[derive(Clone)]
struct NoKeys;

type Seal = <__route_my_service_10 as Route>::Seal;

impl Run<NoKeys> for __route_my_service_10 {
    fn run(request: Request, state: NoKeys) -> Ran<Self> {
        let (seal, body) = (Seal { 0: __Pass }, |_, ()| async { "no guard" });
        //~^ 39
        run::<_, Open, Nothing, _, _, _, _, _>(seal, (), request, state, body, answer())
    }
}

fn main() {}

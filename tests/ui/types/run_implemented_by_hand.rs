use auth_api_key::{
    __private::{Ran, Run},
    ApiKey, route,
};
use axum::{extract::Request, response::IntoResponse};

#[derive(Clone)]
struct NoKeys;

#[route("/my_service", auth = "api_key")]
async fn my_service(key: ApiKey) {
    let _ = key;
}

impl Run<NoKeys> for __route_my_service_11 {
    fn run(_: Request, _: NoKeys) -> Ran<Self> {
        Ran::new((), Box::pin(async { "no guard".into_response() }))
        //~^ 9
    }
}

fn main() {}

use auth_api_key::{
    __private::{Nothing, Open, Ran, Run, answer, run},
    ApiKey, route,
};
use axum::extract::Request;

#[derive(Clone)]
struct NoKeys;

#[route("/my_service", auth = "api_key")]
async fn my_service(key: ApiKey) {
    let _ = key;
}

impl Run<NoKeys> for __route_my_service_11 {
    fn run(request: Request, state: NoKeys) -> Ran<Self> {
        let body = |_, ()| async { "no guard" };
        run::<_, Open, Nothing, _, _, _, _, _>((), (), request, state, body, answer())
        //~^ 9
    }
}

fn main() {}

use auth_api_key::{__private::Call, Authenticator, route};
use axum::{Router, extract::Request, routing::get};

#[route("/my_service", auth = "api_key")]
async fn my_service() {}

async fn around_the_guard(call: Call<__route_my_service_5, Authenticator>) {
    let _: Request = call.request;
    //~^ 27
}

fn main() {
    let _: Router<Authenticator> = Router::new().route("/", get(around_the_guard));
}

use auth_api_key::{__private::Call, Authenticator, route};
use axum::{Router, routing::get};

#[route("/my_service", auth = "api_key")]
async fn my_service() {}

async fn twice(call: Call<__route_my_service_5, Authenticator>) {
    my_service(call.clone()).await;
    //~^ 21
    my_service(call).await;
}

fn main() {
    let _: Router<Authenticator> = Router::new().route("/", get(twice));
}

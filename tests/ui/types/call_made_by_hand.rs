use std::marker::PhantomData;

use auth_api_key::{__private::Call, Authenticator, route};
use axum::extract::Request;

#[route("/my_service", auth = "api_key")]
async fn my_service() {}

async fn forge(request: Request, state: Authenticator) {
    let route = PhantomData;
    my_service(Call { request, state, route }).await;
    //~^ 23
}

fn main() {
    let _ = forge;
}

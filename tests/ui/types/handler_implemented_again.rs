use auth_api_key::{Authenticator, route};
use axum::{extract::Request, handler::Handler, response::Response};

#[route("/my_service", auth = "api_key")]
//~^ 1
async fn my_service() {}

impl Handler<(), Authenticator> for my_service {
    type Future = std::future::Pending<Response>;

    fn call(self, _: Request, _: Authenticator) -> Self::Future {
        std::future::pending()
    }
}

fn main() {}

// Whoever passes a guard of the crate's has a key, and no way to the body of a route of other groups.

use auth_api_key::{
    __private::begin,
    Authenticator, route,
};
use axum::extract::Request;

#[route("/my_service", auth = "api_key", groups = ["shop"])]
async fn my_service() {}

#[route("/other", auth = "api_key")]
async fn of_any_group() {}

async fn with_any_key(request: Request, state: Authenticator) {
    if let Ok((_guard, _key)) = begin::<__route_of_any_group_13, _>(&request, &state).api_key().await {
        my_service(__Pass).await;
        //~^ 20
    }
}

fn main() {
    let _ = with_any_key;
}

use auth_api_key::{Authenticator, route};
use axum::extract::State;

#[route("/orders", auth = "api_key", state = State<Authenticator>)]
//~^ 46
async fn orders() {}

fn main() {
    let _: Option<State<()>> = None;
}

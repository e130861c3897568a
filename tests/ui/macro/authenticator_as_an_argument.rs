use auth_api_key::{Authenticator, route};
use axum::extract::State;

#[route("/keys", auth = "api_key")]
async fn keys(auth: Authenticator) {
    //~^ 15
    let _: (Authenticator, Option<State<()>>) = (auth, None);
}

fn main() {}

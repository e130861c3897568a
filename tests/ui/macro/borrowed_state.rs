use auth_api_key::route;
use axum::extract::State;

struct AppState;

#[route("/a", auth = "api_key")]
async fn my_service(state: &AppState) {
//~^ 28
    let _: (&AppState, Option<State<()>>) = (&state, None);
}

fn main() {}

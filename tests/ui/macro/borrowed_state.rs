use auth_api_key::route;

struct AppState;

#[route("/a", auth = "api_key")]
async fn my_service(state: &AppState) {
//~^ 28
    let _ = state;
}

fn main() {}

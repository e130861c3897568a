use auth_api_key::route;

struct AppState;

#[route("/orders", auth = "api_key")]
async fn orders(state: AppState) {
//~^ 24
    let _ = state;
}

fn main() {}

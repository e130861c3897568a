use auth_api_key::route;

struct AppState;

#[route("/a", auth = "api_key", state = &AppState)]
//~^ 41
async fn my_service() {}

fn main() {}

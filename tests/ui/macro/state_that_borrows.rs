use auth_api_key::route;

#[derive(Clone)]
struct AppState<'a>(&'a str);

#[route("/a", auth = "api_key", state = AppState<'_>)]
//~^ 41
async fn my_service() {}

fn main() {}

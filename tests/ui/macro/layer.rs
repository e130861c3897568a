use auth_api_key::route;

#[route("/a", auth = "api_key", layer = TraceLayer::new_for_http())]
//~^ 33
async fn my_service() {}

fn main() {}

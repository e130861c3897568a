use auth_api_key::route;

#[route("/a", auth = "api_key", cors_headers = ["traceparent"])]
//~^ 33
async fn my_service() {}

fn main() {}

use auth_api_key::route;

#[route("/a", auth = "api_key", cors = "*", cors_headers = "traceparent")]
//~^ 60
async fn my_service() {}

fn main() {}

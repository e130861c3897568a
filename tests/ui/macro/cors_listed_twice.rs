use auth_api_key::route;

#[route("/a", auth = "api_key", cors = ["https://a.example", "https://a.example"])]
//~^ 62
async fn my_service() {}

fn main() {}

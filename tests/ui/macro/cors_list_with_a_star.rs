use auth_api_key::route;

#[route("/a", auth = "api_key", cors = ["*", "https://b.example"])]
//~^ 41
async fn my_service() {}

fn main() {}

use auth_api_key::route;

#[route("/a", auth = "api_key", cors = "https://App.example.com:443")]
//~^ 40
async fn my_service() {}

fn main() {}

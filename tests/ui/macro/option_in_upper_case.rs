use auth_api_key::route;

#[route("/a", Auth = "api_key")]
//~^ 15
async fn my_service() {}

fn main() {}

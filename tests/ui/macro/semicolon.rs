use auth_api_key::route;

#[route("/a"; auth = "api_key")]
//~^ 13
async fn my_service() {}

fn main() {}

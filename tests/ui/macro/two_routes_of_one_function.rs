use auth_api_key::route;

#[route("/a", auth = "api_key")]
#[route("/b", auth = "api_key")]
//~^ 1
async fn my_service() {}

fn main() {}

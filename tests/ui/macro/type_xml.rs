use auth_api_key::route;

#[route("/a", auth = "api_key", type = "xml")]
//~^ 40
async fn my_service() {}

fn main() {}

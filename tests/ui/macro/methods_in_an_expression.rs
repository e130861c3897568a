use auth_api_key::route;

#[route("/a", auth = "none", methods = "GET" | "POST")]
//~^ 40
async fn my_service() {}

fn main() {}

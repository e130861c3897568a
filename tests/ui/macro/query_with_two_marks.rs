use auth_api_key::route;

#[route("/a?x?y", auth = "api_key")]
//~^ 9
async fn my_service() {}

fn main() {}

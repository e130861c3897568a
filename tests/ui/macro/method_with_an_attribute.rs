use auth_api_key::route;

#[route("/a", auth = "api_key", methods = [#[nonsense] "GET"])]
//~^ 44
async fn my_service() {}

fn main() {}

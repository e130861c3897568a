use auth_api_key::route;

#[route("/a", auth = "api_key", methods = [1])]
//~^ 44
async fn my_service() {}

fn main() {}

use auth_api_key::route;

#[route("/a", auth = "api_key", strict_slashes = false)]
//~^ 33
async fn my_service() {}

fn main() {}

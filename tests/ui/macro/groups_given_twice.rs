use auth_api_key::route;

#[route("/a", auth = "api_key", groups = ["a"], groups = ["b"])]
//~^ 49
async fn my_service() {}

fn main() {}

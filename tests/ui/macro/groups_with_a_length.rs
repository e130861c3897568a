use auth_api_key::route;

#[route("/a", auth = "api_key", groups = ["shop"; 2])]
//~^ 42
async fn my_service() {}

fn main() {}

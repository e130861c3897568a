use auth_api_key::route;

#[route("/a", auth = "public", groups = ["shop"])]
//~^ 32
async fn my_service() {}

fn main() {}

use auth_api_key::route;

#[route("/my_service", auth = "none", groups = ["shop"])]
async fn my_service() {}

fn main() {}

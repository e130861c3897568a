use auth_api_key::route;

#[route("/my_service", auth = "none", groups = ["shop"])]
//~^ 39
async fn my_service() {}

fn main() {}

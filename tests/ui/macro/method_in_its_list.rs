use auth_api_key::route;

#[route("/a", auth = "none", method = ["GET", "POST"])]
//~^ 30
async fn my_service() {}

fn main() {}

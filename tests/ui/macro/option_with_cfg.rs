use auth_api_key::route;

#[route("/a", auth = "api_key", #[cfg(unix)] methods = ["GET"])]
//~^ 33
async fn my_service() {}

fn main() {}

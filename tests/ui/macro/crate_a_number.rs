use auth_api_key::route;

#[route("/a", auth = "api_key", crate = 3)]
//~^ 41
async fn my_service() {}

fn main() {}

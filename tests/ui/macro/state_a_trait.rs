use auth_api_key::route;

#[route("/a", auth = "api_key", state = dyn Send)]
//~^ 41
async fn my_service() {}

fn main() {}

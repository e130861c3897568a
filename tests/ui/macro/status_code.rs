use auth_api_key::route;

#[route("/a", auth = "api_key", status_code = 201)]
//~^ 33
async fn my_service() {}

fn main() {}

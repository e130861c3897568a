use auth_api_key::route;

#[route("/a", auth = "api_key")]
async fn my_service();
//~^ 10

fn main() {}

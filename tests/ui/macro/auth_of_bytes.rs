use auth_api_key::route;

#[route("/a", auth = b"api_key")]
//~^ 22
async fn my_service() {}

fn main() {}

use auth_api_key::route;

#[route("/a", auth = "api_key"key)]
//~^ 22
async fn my_service() {}

fn main() {}

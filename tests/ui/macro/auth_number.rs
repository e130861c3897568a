use auth_api_key::route;

#[route("/a", auth = 1)]
//~^ 22
async fn my_service() {}

fn main() {}

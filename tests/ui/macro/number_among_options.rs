use auth_api_key::route;

#[route("/a", 3)]
//~^ 15
async fn my_service() {}

fn main() {}

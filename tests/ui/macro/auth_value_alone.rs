use auth_api_key::route;

#[route("/a", api_key)]
//~^ 15
async fn my_service() {}

fn main() {}

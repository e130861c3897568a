use auth_api_key::route;

#[route("/my_service")]
//~^ 1
async fn my_service() {}

fn main() {}

use auth_api_key::route;

#[route("/a", auth = "apikey")]
//~^ 22
async fn my_service() {}

fn main() {}

use auth_api_key::route;

#[route("/a", auth = "api_key", deprecated = true)]
//~^ 33
async fn my_service() {}

fn main() {}

use auth_api_key::route;

#[route("/a", auth = ApiKey)]
//~^ 22
async fn my_service() {}

fn main() {}

use auth_api_key::route;

#[route("/a/<any(a,b):s>", auth = "api_key")]
//~^ 9
async fn my_service() {}

fn main() {}

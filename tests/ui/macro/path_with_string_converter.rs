use auth_api_key::route;

#[route("/a/<string:s>", auth = "api_key")]
//~^ 9
async fn my_service() {}

fn main() {}

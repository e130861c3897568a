use auth_api_key::route;

#[route("/<string(length=2):lang>/shop", auth = "api_key")]
//~^ 9
async fn my_service(lang: String) {}

fn main() {}

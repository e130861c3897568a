use auth_api_key::route;

#[route("/my_service", auth = "api_key")]
#[unsafe(no_mangle)]
//~^ 1
pub async fn my_service() {}

fn main() {}

use auth_api_key::route;

#[route("/my_service", auth = "api_key")]
async safe fn my_service() {}
//~^ 7

fn main() {}

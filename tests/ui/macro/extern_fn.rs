use auth_api_key::route;

#[route("/a", auth = "api_key")]
async extern "C" fn my_service() {}
//~^ 7

fn main() {}

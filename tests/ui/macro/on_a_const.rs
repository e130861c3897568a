use auth_api_key::route;

#[route("/a", auth = "api_key")]
const MY_SERVICE: u8 = 1;
//~^ 7

fn main() {}

use auth_api_key::route;

#[route("/a", auth = "api_key")]
static SHOP: u8 = 1;
//~^ 8

fn main() {}

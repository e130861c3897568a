use auth_api_key::route;

#[route("/a", auth = "api_key")]
type Shop = u8;
//~^ 6

fn main() {}

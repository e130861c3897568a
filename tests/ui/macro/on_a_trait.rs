use auth_api_key::route;

#[route("/a", auth = "api_key")]
trait Shop {}
//~^ 7

fn main() {}

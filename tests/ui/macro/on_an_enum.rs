use auth_api_key::route;

#[route("/a", auth = "api_key")]
enum MyService {}
//~^ 6

fn main() {}

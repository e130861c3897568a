use auth_api_key::route;

struct MyService;

#[route("/a", auth = "api_key")]
impl MyService {}
//~^ 1

fn main() {}

use auth_api_key::route;

#[route("/a", auth = "api_key")]
mod my_service {}
//~^ 5

fn main() {}

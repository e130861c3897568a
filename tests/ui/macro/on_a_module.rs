use auth_api_key::route;

#[route("/a", auth = "api_key")]
mod my_service {}

fn main() {}

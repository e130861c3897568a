use auth_api_key::controller;

#[controller("/shop", auth = "api_key")]
mod shop {}
//~^ 5

fn main() {}

use auth_api_key::controller;

#[controller("/shop", auth = "api_key")]
async fn orders() {}
//~^ 10

fn main() {}

#![deny(warnings)]

use auth_api_key::route;

#[route(["/partner", "/client/"], auth = "api_key")]
//~^ 22
pub async fn partner() {}

fn main() {}

// rustc says two things of one name: that it is taken, and that a module is no type.

use auth_api_key::route;

#[route("/orders", auth = "api_key")]
async fn orders() {}
//~^ 10

mod orders {}
//~^ 1

fn main() {}

// rustc refuses the prefix, and its help is wrong.

use auth_api_key::route;

#[route(f"/orders/{id}", auth = "api_key")]
//~^ 9
//~^^ 9
async fn order(id: i64) {
    let _ = id;
}

fn main() {}

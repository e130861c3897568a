// The macro does not look for an `impl` around an attribute in column 1, so rustc refuses each item.

use auth_api_key::route;

struct Shop;

impl Shop {
#[route("/orders", auth = "api_key")]
//~^ 1
//~^^ 1
//~^^^ 1
//~^^^^ 1
//~^^^^^ 1
//~^^^^^^ 1
async fn orders() {}
}

fn main() {
    let _ = Shop;
}

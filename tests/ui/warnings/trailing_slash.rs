#![deny(warnings)]

use auth_api_key::route;

#[route("/partner/?lang", auth = "api_key")]
//~^ 9
pub async fn partner(lang: Option<String>) {
    let _ = lang;
}

fn main() {}

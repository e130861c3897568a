#![deny(warnings)]

use auth_api_key::route;

#[route("/partner?lang", auth = "api_key", methods = ["GET", "HEAD"])]
pub async fn partner(lang: Option<String>, name: String) {
    //~^ 50
    let _ = (lang, name);
}

fn main() {}

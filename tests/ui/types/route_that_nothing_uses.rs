#![deny(dead_code)]

use auth_api_key::{ApiKey, route};

#[route("/forgotten/{id}", auth = "api_key")]
async fn forgotten(key: ApiKey, id: u8) {
//~^ 10
    let _ = (key, id);
}

fn main() {}

use std::collections::HashMap;

use auth_api_key::route;
use axum::extract::Query;

#[route("/search?lang", auth = "none")]
async fn search(lang: Option<String>, Query(all): Query<HashMap<String, String>>) {
    //~^ 51
    let _ = (lang, all);
}

fn main() {}

use auth_api_key::route;
use axum::extract::RawQuery;

#[route("/search?lang", auth = "none")]
async fn search(lang: String, RawQuery(all): RawQuery) {
    //~^ 46
    let _ = (lang, all);
}

fn main() {}

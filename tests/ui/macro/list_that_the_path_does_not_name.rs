use auth_api_key::route;

#[route("/orders?lang", auth = "api_key")]
async fn orders(lang: Option<String>, ids: Vec<i64>) {
    //~^ 44
    let _ = (lang, ids);
}

fn main() {}

use auth_api_key::route;

#[route("/partner/{{id}}?lang", auth = "api_key")]
async fn partner(id: i64, lang: Option<String>) {
    //~^ 22
    let _ = (id, lang);
}

fn main() {}

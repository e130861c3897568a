use auth_api_key::route;

#[route("/partner/[id]/files/[...path]?lang", auth = "api_key")]
//~^ 9
async fn file(id: i64, path: String, lang: Option<String>) {
    let _ = (id, path, lang);
}

fn main() {}

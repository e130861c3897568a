use auth_api_key::route;

#[route("/orders/{id}?lang", auth = "api_key")]
async fn order((id, lang): (u64, Option<String>)) -> String {
    //~^ 16
    format!("{id} {lang:?}")
}

fn main() {}

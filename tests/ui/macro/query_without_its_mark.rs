use auth_api_key::route;

#[route("/find&text&lang", auth = "none")]
//~^ 9
async fn my_service(text: String, lang: String) {
    let _ = (text, lang);
}

fn main() {}

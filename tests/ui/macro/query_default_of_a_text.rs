use auth_api_key::route;

#[route("/hello?lang=en", auth = "api_key")]
//~^ 9
async fn hello(lang: Option<String>) -> String {
    lang.unwrap_or_default()
}

fn main() {}

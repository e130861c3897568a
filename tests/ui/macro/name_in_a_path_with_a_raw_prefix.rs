use auth_api_key::route;

#[route("/articles?r#type", auth = "api_key")]
//~^ 9
async fn articles(r#type: Option<String>) -> String {
    format!("{:?}", r#type)
}

fn main() {}

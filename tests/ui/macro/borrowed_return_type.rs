use auth_api_key::route;

#[route("/orders", auth = "api_key")]
async fn my_service() -> &str {
//~^ 26
    "none".into()
}

fn main() {}

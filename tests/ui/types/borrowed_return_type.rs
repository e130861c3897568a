use auth_api_key::route;

#[route("/a?name", auth = "api_key")]
async fn my_service(name: String) -> &str {
//~^ 38
    &name
}

fn main() {}

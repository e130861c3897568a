use auth_api_key::route;

#[route("/a", auth = "api_key")]
async fn my_service<'a>(name: &'a str) {
//~^ 21
    let _ = name;
}

fn main() {}

use auth_api_key::route;

#[route("/a?name", auth = "api_key")]
async fn my_service(name: Option<&str>) {
//~^ 27
    let _ = name;
}

fn main() {}

use auth_api_key::route;

#[route("/a?name", auth = "api_key")]
async fn my_service(name: String) -> String {
    name + 3
    //~^ 12
}

fn main() {}

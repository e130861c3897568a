use auth_api_key::route;

#[route("/a", auth = "none")]
async fn my_service() -> Vec<String> {
//~^ 26
    Vec::new()
}

fn main() {}

use auth_api_key::route;

#[route("/search?tag", auth = "none")]
async fn my_service(tag: Option<Vec<String>>) {
//~^ 26
    let _ = tag;
}

fn main() {}

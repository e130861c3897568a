use auth_api_key::route;

#[route("/search?filters", auth = "none")]
async fn my_service(filters: Vec<(String, String)>) {
//~^ 34
    let _ = filters;
}

fn main() {}

use auth_api_key::route;

#[route("/search?filters", auth = "none")]
async fn my_service(filters: std::collections::HashMap<String, String>) {
//~^ 30
    let _ = filters;
}

fn main() {}

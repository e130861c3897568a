use auth_api_key::route;

#[route("/a", auth = "api_key", sitemap = false)]
async fn my_service() {}

fn main() {}

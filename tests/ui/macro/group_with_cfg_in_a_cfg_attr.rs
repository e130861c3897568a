use auth_api_key::route;

#[route("/a", auth = "api_key", groups = ["shop", #[cfg_attr(all(), cfg(unix))] "erp"])]
//~^ 51
async fn my_service() {}

fn main() {}

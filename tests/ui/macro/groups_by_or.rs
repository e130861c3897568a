use auth_api_key::route;

#[route("/a", auth = "api_key", groups = ["shop" | "erp"])]
//~^ 43
async fn my_service() {}

fn main() {}

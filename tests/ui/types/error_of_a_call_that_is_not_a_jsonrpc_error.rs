use auth_api_key::route;

struct OutOfStock;

#[route("/a", auth = "api_key", type = "jsonrpc")]
async fn my_service() -> Result<String, OutOfStock> {
//~^ 26
    Err(OutOfStock)
}

fn main() {}

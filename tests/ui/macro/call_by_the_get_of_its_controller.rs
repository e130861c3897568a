use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "api_key", methods = ["GET"])]
impl Shop {
    #[route("/rpc?a", type = "jsonrpc")]
    //~^ 30
    async fn call(&self, a: i64) -> i64 {
        a
    }
}

fn main() {}

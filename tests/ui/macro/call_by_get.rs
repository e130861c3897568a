use auth_api_key::route;

#[route("/rpc?a", auth = "api_key", type = "jsonrpc", methods = ["GET"])]
//~^ 65
async fn call(a: i64) -> i64 {
    a
}

fn main() {}

use auth_api_key::route;

#[route("/a?b", auth = "api_key", type = "jsonrpc")]
async fn my_service(b: i64, c: i64) -> i64 {
//~^ 32
    b + c
}

fn main() {}

use auth_api_key::{route, routing::Params};

#[route("/a", auth = "api_key", type = "jsonrpc")]
async fn my_service(one: Params<String>, two: Params<String>) -> String {
//~^ 47
    one.0 + &two.0
}

fn main() {}

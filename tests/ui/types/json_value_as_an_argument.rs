use auth_api_key::route;
use serde_json::Value;

const _: Value = Value::Null;

#[route("/hook", auth = "api_key", methods = ["POST"])]
async fn hook(body: Value) {
//~^ 21
    let _ = body;
}

fn main() {}

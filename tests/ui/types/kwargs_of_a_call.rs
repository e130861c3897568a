use auth_api_key::{odoo::Kwargs, route};
use serde_json::{Map, Value};

#[route("/order", auth = "api_key", type = "jsonrpc")]
async fn order(kwargs: Kwargs<Map<String, Value>>) -> usize {
    //~^ 24
    kwargs.0.len()
}

fn main() {}

use auth_api_key::route;

#[route("/orders", auth = "api_key", cors = "*", cors_headers = "traceparent,tracestate")]
//~^ 65
async fn orders() {}

fn main() {}

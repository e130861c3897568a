use auth_api_key::route;

type Outcome = Result<u8, String>;

#[route("/a", auth = "api_key", type = "jsonrpc")]
async fn my_service() -> Outcome {
//~^ 26
    Err("secret".to_owned())
}

fn main() {}

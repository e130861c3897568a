use auth_api_key::{ApiKey, route};

#[route("/orders", auth = "public")]
async fn orders(apikey: Option<String>) {
    //~^ 25
    let _: Option<ApiKey> = None;
    let _ = apikey;
}

fn main() {}

use auth_api_key::route;

#[route("/orders", auth = "api_key")]
#[route("/orders/{page}", auth = "api_key")]
//~^ 1
async fn orders(page: Option<u32>) -> String {
    format!("{page:?}")
}

fn main() {}

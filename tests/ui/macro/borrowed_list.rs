use auth_api_key::route;

#[route("/orders?tag", auth = "api_key")]
async fn orders(tag: &[String]) {
//~^ 22
    let _ = tag;
}

fn main() {}

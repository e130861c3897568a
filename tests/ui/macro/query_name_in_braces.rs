use auth_api_key::route;

#[route("/articles?{page}", auth = "none")]
//~^ 9
async fn my_service(page: Option<u32>) {
    let _ = page;
}

fn main() {}

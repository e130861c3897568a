use auth_api_key::route;

#[route("/articles?page[size]", auth = "none")]
//~^ 9
async fn my_service(size: Option<u32>) {
    let _ = size;
}

fn main() {}

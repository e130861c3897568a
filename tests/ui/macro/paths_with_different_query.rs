use auth_api_key::route;

#[route(["/a?page&tag", "/b?page"], auth = "api_key")]
//~^ 25
async fn my_service(page: Option<u32>, tag: Vec<String>) {
    let _ = (page, tag);
}

fn main() {}

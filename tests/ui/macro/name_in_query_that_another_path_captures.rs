use auth_api_key::route;

#[route(["/shop?page&lang", "/shop/page/{page}?lang"], auth = "none")]
//~^ 10
async fn shop(page: Option<u32>, lang: Option<String>) {
    let _ = (page, lang);
}

fn main() {}

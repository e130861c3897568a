use auth_api_key::route;

type Page = Option<u32>;

#[route(["/shop", "/shop/page/{page}"], auth = "api_key")]
async fn shop(page: Page) -> String {
    //~^ 21
    format!("page {page:?}")
}

fn main() {}

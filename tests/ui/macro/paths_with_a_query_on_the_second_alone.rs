use auth_api_key::route;

#[route(["/orders", "/orders/{year}?page"], auth = "api_key")]
//~^ 10
async fn orders(year: Option<u16>, page: Option<u32>) {
    let _ = (year, page);
}

fn main() {}

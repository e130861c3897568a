use auth_api_key::{ApiKey, route};

#[route("/orders?page", auth = "api_key")]
async fn orders(key: ApiKey, page: Option<u32>) -> String {
    format!("{} {page:?}", key.name)
}

async fn first_page(key: ApiKey) -> String {
    let first = orders(key, Some(1)).await;
    //~^ 17
    first + "."
}

fn main() {
    let _ = first_page;
}

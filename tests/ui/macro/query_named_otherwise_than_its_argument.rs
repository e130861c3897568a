use auth_api_key::route;

#[route("/orders/{id}?page_size", auth = "api_key")]
//~^ 9
async fn orders(id: i64, limit: Option<u32>) -> String {
    format!("{id} {limit:?}")
}

fn main() {}

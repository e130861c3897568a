use auth_api_key::route;

#[route("/orders{?page,size}", auth = "api_key")]
//~^ 9
async fn orders(page: u32, size: u32) -> String {
    format!("{page} {size}")
}

fn main() {}

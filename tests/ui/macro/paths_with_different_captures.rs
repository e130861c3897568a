use auth_api_key::route;

#[route(["/a/{id}", "/b/{name}"], auth = "api_key")]
//~^ 21
async fn my_service(id: Option<i64>) {
    let _ = id;
}

fn main() {}

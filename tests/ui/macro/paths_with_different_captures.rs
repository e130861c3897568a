use auth_api_key::route;

#[route(["/a/{id}", "/b/{name}"], auth = "api_key")]
async fn my_service(id: i64) {
    let _ = id;
}

fn main() {}

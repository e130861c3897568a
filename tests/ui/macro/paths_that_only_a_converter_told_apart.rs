use auth_api_key::route;

#[route(["/orders/{id}", "/orders/{name}"], auth = "none")]
//~^ 26
async fn my_service(id: Option<u64>, name: Option<String>) {
    let _ = (id, name);
}

fn main() {}

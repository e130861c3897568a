use auth_api_key::route;

#[route("/{shop}/orders/{id}", auth = "api_key")]
async fn order((shop, id): (String, u64)) -> String {
    //~^ 16
    format!("{shop} {id}")
}

fn main() {}

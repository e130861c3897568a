use auth_api_key::route;
use axum::extract::RawPathParams;

#[route("/orders/{id}", auth = "none")]
async fn orders(id: u32, all: RawPathParams) {
    //~^ 31
    let _ = (id, all);
}

fn main() {}

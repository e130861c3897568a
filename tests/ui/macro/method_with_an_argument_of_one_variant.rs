use auth_api_key::controller;
use axum::{Json, extract::rejection::JsonRejection};

struct Shop;

#[controller("/shop", auth = "api_key")]
impl Shop {
    #[route("/orders")]
    async fn orders(&self, Ok(Json(order)): Result<Json<u8>, JsonRejection>) -> String {
        //~^ 28
        let next: u8 = order + 1;
        next.to_string()
    }
}

fn main() {}

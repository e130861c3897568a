use auth_api_key::{ApiKey, route};
use axum::{Json, http::StatusCode};

#[route("/orders", auth = "api_key")]
async fn orders(key: ApiKey) -> Result<Json<Vec<u32>>, StatusCode> {
    Ok(Json(vec![key.name.len() as u32]))
}

#[route("/orders/count", auth = "api_key")]
async fn count(key: ApiKey) -> Result<String, StatusCode> {
    let Json(orders) = orders(key.clone()).await?;
    //~^ 31
    Ok(orders.len().to_string())
}

fn main() {
    let _: auth_api_key::Routes<auth_api_key::Authenticator> = auth_api_key::routes![orders, count];
}

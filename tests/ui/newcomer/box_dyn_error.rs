// Wished for: one error at `Box<dyn std::error::Error>`: "is no response: an error of a route must
// implement IntoResponse"; help: an error type of yours with `impl IntoResponse`, or `StatusCode` /
// `(StatusCode, String)`.

use auth_api_key::{ApiKey, Authenticator, route, routes};
#[route("/export/{year}", auth = "api_key", methods = ["GET"])]
async fn export(
    key: ApiKey,
    year: i32,
) -> Result<String, Box<dyn std::error::Error + Send + Sync>> {
    let text = std::fs::read_to_string(format!("{year}.csv"))?;
    Ok(format!("{}{text}", key.name))
}
fn main() {
    let _: axum::Router<Authenticator> = routes![export].into();
}

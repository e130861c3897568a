// Wished for: one error at `(f64, f64)`: "`(f64, f64)` cannot be read from a query parameter";
// help: take two names, `?lat&lon` with `lat: f64, lon: f64`, or a type of yours that implements
// FromStr/Deserialize from text.

use auth_api_key::{ApiKey, route};
#[route("/stores/near?at&radius", auth = "api_key", methods = ["GET"])]
async fn stores(key: ApiKey, at: (f64, f64), radius: Option<u32>) -> String {
    format!("{} {} {} {:?}", key.name, at.0, at.1, radius)
}
fn main() {
    let _: axum::Router<auth_api_key::Authenticator> = auth_api_key::routes![stores].into();
}

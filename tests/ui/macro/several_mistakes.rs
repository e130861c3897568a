use auth_api_key::{ApiKey, route, routes};

#[route("my_service", auth = "apikey", methods = ["GTE"], auth = "public")]
//~^ 9
//~^^ 30
//~^^^ 51
//~^^^^ 59
fn my_service(key: ApiKey) {
//~^ 1
    let _ = key;
}

// The name still exists, so this is no further mistake.
fn main() {
    let _: axum::Router = axum::Router::new().merge(routes![my_service]);
}

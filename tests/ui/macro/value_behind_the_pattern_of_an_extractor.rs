use auth_api_key::{ApiKey, Authenticator, route};
use axum::extract::{Path, State};

#[route("/a/{id}", auth = "api_key")]
async fn by_id(key: ApiKey, Path(id): Path<i64>, State(auth): Authenticator) -> String {
    //~^ 63
    format!("{} {id} {auth:?}", key.name)
}

#[route("/b/{id}", auth = "api_key")]
async fn by_number(Path(id): i64) -> String {
    //~^ 30
    format!("{id}")
}

fn main() {}

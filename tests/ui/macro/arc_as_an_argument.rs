use std::sync::Arc;

use auth_api_key::route;
use axum::extract::State;

pub struct Db;

#[route("/orders", auth = "api_key")]
async fn orders(db: Arc<Db>) {
    //~^ 17
    let _: (Arc<Db>, Option<State<()>>) = (db, None);
}

fn main() {}

use auth_api_key::route;

struct PgPool;

#[route("/orders", auth = "api_key")]
async fn orders(pool: PgPool) {
//~^ 23
    let _ = pool;
}

fn main() {}

use auth_api_key::route;

#[route("/partner/:id", auth = "api_key")]
async fn partner(id: i64) {
    let _ = id;
}

fn main() {}

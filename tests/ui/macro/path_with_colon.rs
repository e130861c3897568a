use auth_api_key::route;

#[route("/partner/:id", auth = "api_key")]
//~^ 9
async fn partner(id: i64) {
    let _ = id;
}

fn main() {}

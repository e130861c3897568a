use auth_api_key::route;

#[route("/partner/<int:id>", auth = "api_key")]
//~^ 9
async fn partner(id: i64) {
    let _ = id;
}

fn main() {}

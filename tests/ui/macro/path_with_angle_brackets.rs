use auth_api_key::route;

#[route("/partner/<id>", auth = "api_key")]
//~^ 9
async fn partner(id: String) {
    let _ = id;
}

fn main() {}

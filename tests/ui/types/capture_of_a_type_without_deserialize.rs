use auth_api_key::route;

struct PartnerId;

#[route("/partner/{id}", auth = "api_key")]
async fn partner(id: PartnerId) {
//~^ 22
    let _ = id;
}

fn main() {}

use auth_api_key::route;

#[route("/a/{id:[0-9]+}", auth = "api_key")]
//~^ 9
async fn my_service(id: i64) {
    let _ = id;
}

fn main() {}

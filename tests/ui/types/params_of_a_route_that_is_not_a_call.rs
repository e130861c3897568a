use auth_api_key::{route, routing::Params};

#[route("/a", auth = "api_key")]
async fn my_service(Params(name): Params<String>) -> String {
//~^ 35
    name
}

fn main() {}

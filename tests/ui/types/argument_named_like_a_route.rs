use auth_api_key::route;

#[route("/partner", auth = "api_key")]
async fn partner() {}

fn greet(partner: String) {
//~^ 10
    let _ = partner;
}

fn main() {
    greet(String::new());
}

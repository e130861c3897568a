use auth_api_key::route;

#[route("/a", auth => "api_key")]
//~^ 15
async fn a() {}

fn main() {
}

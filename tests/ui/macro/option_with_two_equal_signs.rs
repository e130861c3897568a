use auth_api_key::route;

#[route("/a", auth = "api_key", methods == ["GET"])]
//~^ 33
async fn a() {}

fn main() {
}

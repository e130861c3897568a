use auth_api_key::route;

const PATH: &str = "/b";

#[route(["/a", PATH], auth = "api_key")]
//~^ 16
async fn my_service() {}

fn main() {
    let _ = PATH;
}

use auth_api_key::route;

#[route("/a", auth = "api_key", crate = auth_api_key::<u8>)]
//~^ 41
async fn my_service() {}

fn main() {}

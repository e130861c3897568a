use auth_api_key::route;

#[route("/my_service", auth = "api_key")]
async fn my_service() where Vec<u8>: Copy {}
//~^ 29

fn main() {}

use std::error::Error;

use auth_api_key::route;

#[route("/a", auth = "api_key")]
async fn my_service() -> Result<String, Box<dyn Error + Send + Sync>> {
//~^ 26
    Ok(String::new())
}

fn main() {}

use auth_api_key::route;

#[route("/my_service", auth = )]
async fn my_service() {}

fn main() {}

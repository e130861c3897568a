use auth_api_key::route;

#[route("/my_service", auth = )]
//~^ 24
async fn my_service() {}

fn main() {}

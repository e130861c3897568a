use auth_api_key::route;

#[route("/orders", auth = "api_key", methods: ["POST"])]
//~^ 38
async fn my_service() {}

fn main() {}

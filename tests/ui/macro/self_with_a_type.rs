use auth_api_key::route;

#[route("/a", auth = "api_key")]
async fn my_service(self: Box<Shop>) {}
//~^ 21

fn main() {}

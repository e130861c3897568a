use auth_api_key::route;

#[route("/a", auth = "session")]
//~^ 22
async fn my_service() {}

fn main() {}

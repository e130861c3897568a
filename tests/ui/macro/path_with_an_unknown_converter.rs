use auth_api_key::route;

#[route("/a/<date:day>", auth = "api_key")]
//~^ 9
async fn my_service(day: String) {}

fn main() {}

use auth_api_key::route;

#[route("/a/<float(min=1.5):x>", auth = "api_key")]
//~^ 9
async fn my_service(x: f64) {}

fn main() {}

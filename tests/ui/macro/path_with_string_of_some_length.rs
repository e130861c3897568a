use auth_api_key::route;

#[route("/a/<string(minlength=2, maxlength=9):code>", auth = "api_key")]
//~^ 9
async fn my_service(code: String) {}

fn main() {}

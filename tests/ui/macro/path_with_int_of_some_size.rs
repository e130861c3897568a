use auth_api_key::route;

#[route("/a/<int(min=1, max=99):page>", auth = "api_key")]
//~^ 9
async fn my_service(page: i64) {}

fn main() {}

use auth_api_key::route;

#[route("/a/<models('res.partner'):ids>", auth = "api_key")]
//~^ 9
async fn my_service(ids: String) {}

fn main() {}

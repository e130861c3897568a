use auth_api_key::route;

#[route("/users", auth = "api_key", roles_allowed = ["admin"])]
//~^ 37
async fn users() {}

fn main() {}

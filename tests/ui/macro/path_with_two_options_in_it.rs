use auth_api_key::route;

#[route("/whoami, auth = api_key, groups = shop")]
//~^ 9
async fn whoami() {}

fn main() {}

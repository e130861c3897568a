use auth_api_key::route;

#[route("/whoami", auth = "api_key", gro = ["erp"])]
//~^ 38
async fn whoami() {}

fn main() {}

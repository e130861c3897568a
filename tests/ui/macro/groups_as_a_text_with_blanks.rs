use auth_api_key::route;

#[route("/plans", auth = "api_key", groups = "R & D")]
//~^ 46
async fn plans() {}

fn main() {}

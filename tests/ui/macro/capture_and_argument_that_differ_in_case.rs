use auth_api_key::route;

#[route("/artikel/{Größe}", auth = "api_key")]
//~^ 9
async fn artikel(größe: String) -> String {
    größe
}

fn main() {}

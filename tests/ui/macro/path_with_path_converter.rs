use auth_api_key::route;

#[route("/files/<path:rest>", auth = "api_key")]
async fn files(rest: String) {
    let _ = rest;
}

fn main() {}

use auth_api_key::route;

#[route("/files/{path...}", auth = "api_key")]
//~^ 9
async fn file(path: String) {
    let _ = path;
}

fn main() {}

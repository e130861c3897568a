use auth_api_key::{Routes, route, routes};

#[route("/files/{name}", auth = "none", methods = ["GET"])]
async fn file(name: String) {
    let _ = name;
}

#[route("/files/{*rest}", auth = "none", methods = ["PUT"])]
async fn upload(rest: String) {
    let _ = rest;
}

fn main() {
    let _: Routes<()> = routes![file, upload];
    //~^ 39
}

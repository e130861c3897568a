use auth_api_key::{Routes, route, routes};

#[route("/partner/{id}/{*rest}", auth = "none", methods = ["GET"])]
async fn files(id: u32, rest: String) {
    let _ = (id, rest);
}

#[route("/partner/{name}/{*path}", auth = "none", methods = ["GET"])]
async fn documents(name: String, path: String) {
    let _ = (name, path);
}

fn main() {
    let _: Routes<()> = routes![files, documents];
    //~^ 40
}

use auth_api_key::{Routes, route, routes};

#[route("/partner/{id}", auth = "none", methods = ["GET"])]
async fn partner(id: u32) {
    let _ = id;
}

#[route("/partner/{name}", auth = "none", methods = ["PUT"])]
async fn rename(name: String) {
    let _ = name;
}

fn main() {
    let _: Routes<()> = routes![partner, rename];
    //~^ 42
}

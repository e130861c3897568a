use auth_api_key::{Routes, route, routes};

#[route("/partner/{id}", auth = "none")]
async fn partner(&id: i64) -> String {
    //~^ 18
    let twice = id * 2;
    twice.to_string()
}

fn main() {
    let _: Routes<()> = routes![partner];
}

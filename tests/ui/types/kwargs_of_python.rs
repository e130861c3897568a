use auth_api_key::{Routes, route, routes};

#[route("/shop", auth = "none")]
async fn shop(**kwargs) -> String {
    //~^ 15
    //~^^ 15
    format!("{kwargs:?}")
}

fn main() {
    let _: Routes<()> = routes![shop];
}

use auth_api_key::route;

#[route("/shop", auth = "none")]
async fn shop(**kwargs) -> String {
    //~^ 10
    //~^^ 15
    format!("{kwargs:?}")
}

fn main() {
    let _ = shop;
}

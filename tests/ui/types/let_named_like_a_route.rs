use auth_api_key::route;

#[route("/orders", auth = "api_key")]
async fn orders() {}

fn main() {
    let orders = 3;
    //~^ 9
    let _ = orders;
}

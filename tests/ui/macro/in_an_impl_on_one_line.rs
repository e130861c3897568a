use auth_api_key::route;

struct Shop;

#[rustfmt::skip]
impl Shop { #[route("/orders", auth = "api_key")] async fn orders() {} }
//~^ 60

fn main() {
    let _ = Shop;
}

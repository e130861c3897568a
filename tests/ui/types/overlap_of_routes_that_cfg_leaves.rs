use auth_api_key::{Routes, route, routes};

#[route("/orders", auth = "none")]
async fn orders() {}

#[route("/orders", auth = "none")]
async fn debug() {}

#[cfg(any())]
#[route("/orders", auth = "none")]
async fn absent() {}

fn main() {
    let _: Routes<()> = routes![#[cfg(any())] absent, #[cfg(all())] orders, #[cfg(all())] debug];
    //~^ 91
}

use auth_api_key::{Routes, route, routes};

#[cfg(any())]
#[route("/debug", auth = "none")]
async fn debug() {}

#[route("/my_service", auth = "none")]
async fn my_service() {}

fn main() {
    let _: Routes<()> = routes![my_service, debug];
    //~^ 45
}

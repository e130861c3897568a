use auth_api_key::route;

#[route("/my_service?page", auth = "api_key")]
async fn my_service(#[cfg_attr(all(), cfg(unix))] page: u8) {
//~^ 21
    let _ = page;
}

fn main() {}

use auth_api_key::{Routes, route, routes};

trait Named {}

#[route("/my_service", auth = "none")]
async fn my_service() {}

fn main() {
    let _: Routes<()> = routes![<u8 as Named>::my_service];
    //~^ 33
}

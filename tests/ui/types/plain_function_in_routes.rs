use auth_api_key::{Routes, routes};

async fn my_service() {}

fn main() {
    let _: Routes<()> = routes![my_service];
    //~^ 33
}

use std::rc::Rc;

use auth_api_key::route;

#[route("/my_service", auth = "api_key")]
//~^ 1
async fn my_service() {
    let rc = Rc::new(1);
    std::future::ready(()).await;
    drop(rc);
}

fn main() {}

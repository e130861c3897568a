use std::rc::Rc;

use auth_api_key::route;

#[route("/my_service", auth = "api_key")]
async fn my_service() {
    //~^ 10
    let rc = Rc::new(1);
    std::future::ready(()).await;
    drop(rc);
}

fn main() {}

use std::rc::Rc;

use auth_api_key::{ApiKey, route};

#[route("/my_service", auth = "api_key")]
async fn my_service(key: ApiKey, body: String) {
    //~^ 10
    let rc = Rc::new(body);
    std::future::ready(()).await;
    drop((key, rc));
}

fn main() {}

use auth_api_key::route;

#[route(r"^orders/(?P<id>\d+)/$", auth = "api_key")]
//~^ 9
async fn my_service(id: i64) {
    let _ = id;
}

fn main() {}

use auth_api_key::route;

#[route("/orders/{ids}", auth = "none")]
async fn my_service(ids: (u32, u32)) {
//~^ 26
    let _ = ids;
}

fn main() {}

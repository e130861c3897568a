use auth_api_key::route;

#[route("/invoices/{id:\\d+}", auth = "none")]
//~^ 9
async fn my_service(id: u16) {
    let _ = id;
}

fn main() {}

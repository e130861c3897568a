use auth_api_key::route;

#[route(r"/invoices/{year:\d{4}}/{file:path}", auth = "none")]
//~^ 9
async fn my_service(year: u16, file: String) {
    let _ = (year, file);
}

fn main() {}

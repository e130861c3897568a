use auth_api_key::route;

#[route("/near?at", auth = "none")]
async fn my_service(at: [f64; 2]) {
//~^ 25
    let _ = at;
}

fn main() {}

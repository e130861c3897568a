use auth_api_key::route;

#[derive(serde::Deserialize)]
struct Partner;

#[route("/my_service", auth = "api_key")]
async fn my_service(partner: Partner, body: String) {
//~^ 30
    let _ = (partner, body);
}

fn main() {}

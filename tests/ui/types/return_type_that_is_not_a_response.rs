use auth_api_key::route;

struct Partner;

#[route("/my_service", auth = "api_key")]
async fn my_service() -> Partner {
//~^ 26
    Partner
}

fn main() {}

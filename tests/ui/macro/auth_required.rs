use auth_api_key::route;

#[route("/orders", auth_required = true)]
//~^ 20
async fn my_service() {}

fn main() {}

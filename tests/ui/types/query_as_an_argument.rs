use auth_api_key::route;

#[derive(serde::Deserialize)]
struct Filter;

#[route("/orders", auth = "api_key", methods = ["GET"])]
async fn orders(filter: Filter) {
//~^ 25
    let _ = filter;
}

fn main() {}

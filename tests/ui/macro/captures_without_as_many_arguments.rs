use auth_api_key::route;

#[route("/{from}/{to}", auth = "none", methods = ["GET"])]
//~^ 9
async fn trip(begin: u64) {
    let _ = begin;
}

fn main() {}

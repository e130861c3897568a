use auth_api_key::route;

#[route("/search?q", auth = "none", methods = ["GET"])]
//~^ 9
async fn search(query: String) {
    let _ = query;
}

fn main() {}

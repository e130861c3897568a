use auth_api_key::route;

#[route("/image/{id}", auth = "none", methods = ["GET"])]
//~^ 9
async fn image(width: u64, height: u64) {
    let _ = (width, height);
}

fn main() {}

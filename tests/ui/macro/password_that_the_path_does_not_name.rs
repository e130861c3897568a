use auth_api_key::route;

#[route("/login", auth = "none", methods = ["POST"])]
async fn login(password: String, name: String) {
//~^ 26
    let _ = (password, name);
}

fn main() {}

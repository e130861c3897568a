use auth_api_key::route;

#[tokio::main]
#[route("/jobs", auth = "none")]
async fn jobs() -> String {
//~^ 7
    String::new()
}

fn main() {}

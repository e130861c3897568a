use auth_api_key::route;

#[route("/jobs", auth = "none")]
#[test]
//~^ 1
async fn jobs() -> String {
    String::new()
}

fn main() {}

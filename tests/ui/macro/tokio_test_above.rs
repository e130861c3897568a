use auth_api_key::route;

#[tokio::test]
//~^ 1
#[route("/jobs", auth = "none")]
async fn jobs() {}

fn main() {}

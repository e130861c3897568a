use auth_api_key::route;

#[route("/a", auth = MyJwt, groups = ["shop"])]
async fn my_service() {}

fn main() {}

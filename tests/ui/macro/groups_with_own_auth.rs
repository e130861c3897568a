use auth_api_key::route;

#[route("/a", auth = MyJwt, groups = ["shop"])]
//~^ 29
async fn my_service() {}

fn main() {}

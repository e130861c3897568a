use auth_api_key::route;

#[route("/a", auth = MyJwt)]
//~^ 22
async fn my_service() {}

fn main() {}

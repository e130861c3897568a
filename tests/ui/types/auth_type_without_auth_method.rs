use auth_api_key::route;

struct MyJwt;

#[route("/my_service", auth = MyJwt)]
//~^ 31
async fn my_service() {}

fn main() {}

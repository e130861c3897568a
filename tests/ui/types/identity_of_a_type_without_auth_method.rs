use auth_api_key::{Identity, route};

struct MyJwt;

#[route("/my_service", auth = MyJwt)]
//~^ 31
async fn my_service(who: Identity<MyJwt>) {
    let _ = who;
}

fn main() {}

use auth_api_key::route;

struct MyJwt;

impl auth_api_key::AuthMethod for MyJwt {
    type State = ();
    type Identity = User;
    type Rejection = axum::http::StatusCode;

    async fn authenticate(_: &mut axum::http::request::Parts, _: &()) -> Result<User, Self::Rejection> {
        Ok(User)
    }
}

#[derive(Clone)]
struct User;

#[route("/profile", auth = MyJwt)]
async fn profile(user: User) {
//~^ 24
    let _ = user;
}

fn main() {}

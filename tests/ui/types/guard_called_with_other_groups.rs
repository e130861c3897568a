// Whoever passes a guard of the crate's has a key, and no way to the body of a route of other groups.

use auth_api_key::{
    __private::{ByKey, Nothing, Ran, Route, answer, run},
    Authenticator, route,
};
use axum::extract::Request;

#[route("/my_service", auth = "api_key", groups = ["shop"])]
async fn my_service() {}

#[route("/other", auth = "api_key")]
async fn of_any_group() {}

type Other = __route_of_any_group_13;

fn with_any_key(seal: <Other as Route>::Seal, request: Request, state: Authenticator) -> Ran<Other> {
    run::<_, ByKey<false>, Nothing, _, _, _, _, _>(
        seal,
        (),
        request,
        state,
        |_, ()| my_service(__Pass),
        //~^ 28
        answer(),
    )
}

fn main() {
    let _ = with_any_key;
}

use auth_api_key::{
    __private::{Route, route_info},
    routing::RouteInfo,
    route,
};

#[route("/my_service", auth = "api_key", groups = ["shop"])]
//~^ 1
async fn my_service() {}

impl Route for __route_my_service_9 {
    const INFO: RouteInfo = route_info("open", &[("/open", "/open")], &[], "none", &[]);
    type Seal = ();
}

fn main() {}

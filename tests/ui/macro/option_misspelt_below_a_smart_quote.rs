use auth_api_key::route;

#[route(
    "/orders", // it’s open
    /*’*/auht = "none",
    //~^ 10
)]
async fn orders() {}

fn main() {}

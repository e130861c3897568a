use auth_api_key::{Routes, route, routes};

#[route("/orders", auth = "none")]
async fn orders() {}

macro_rules! twice {
    ($handler:ident) => {
        routes![$handler, $handler]
    };
}

fn main() {
    let _: Routes<()> = twice!(orders);
    //~^ 32
}

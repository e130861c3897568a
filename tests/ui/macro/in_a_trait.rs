use auth_api_key::route;

trait Orders {
    #[route("/orders", auth = "api_key")]
    async fn orders() {}
    //~^ 14
}

fn main() {}

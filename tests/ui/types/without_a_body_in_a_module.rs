// rustc reports it, as elsewhere: only in a trait has a function no body.

mod shop {
    use auth_api_key::route;

    #[route("/orders", auth = "api_key")]
    async fn orders();
    //~^ 5
}

fn main() {}

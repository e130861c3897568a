mod shop {
    use auth_api_key::route;

    #[route("/orders", auth = "api_key")]
    pub async fn orders() -> String;
    //~^ 18
}

fn main() {
    let _: auth_api_key::Routes<()> = auth_api_key::routes![shop::orders];
}

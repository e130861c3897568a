use auth_api_key::{Routes, routes};

struct Shop;

mod shop {
    use auth_api_key::controller;

    #[controller("/shop", auth = "none")]
    //~^ 5
    impl super::Shop {
        #[route("/orders")]
        async fn orders() {}
    }
}

mod store {
    use auth_api_key::controller;

    #[controller("/store", auth = "none")]
    impl super::Shop {
        #[route("/stock")]
        async fn stock() {}
    }
}

fn main() {
    let _: Routes<()> = routes![Shop];
    //~^ 33
}

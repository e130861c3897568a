use auth_api_key::{Authenticator, Routes, controller, route, routes};

#[route(“/partner/{id}”, auth = ‘api_key’)]
//~^ 9
//~^^ 23
//~^^^ 33
//~^^^^ 41
async fn partner(id: i64) {
    let _ = id;
}

struct Shop;

#[controller("/shop", auth = „api_key”)]
//~^ 30
//~^^ 38
impl Shop {
    #[route(
        "/orders", // it’s a comment
        groups = [“shop”],
        //~^ 19
        //~^^ 24
    )]
    async fn orders(&self) {}
}

fn main() {
    let _: Routes<Authenticator> = routes![partner, Shop];
}

use auth_api_key::controller;

struct Shop;

#[controller("/shop", auth = "none")]
impl Shop {
    #[route("/orders")]
    fn orders(&self) -> &'static str {
        //~^ 5
        self.helper()
    }

    fn helper(&self) -> &'static str {
        "helped"
    }
}

fn main() {
    let _ = Shop.helper();
}

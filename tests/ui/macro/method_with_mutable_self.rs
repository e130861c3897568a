use auth_api_key::controller;

struct Shop(u8);

#[controller("/shop", auth = "none")]
impl Shop {
    #[route("/orders")]
    async fn orders(&mut self) {
        //~^ 21
        self.0 += 1;
    }
}

fn main() {}

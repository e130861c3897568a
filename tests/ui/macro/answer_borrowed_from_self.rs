use auth_api_key::controller;

struct Shop {
    greeting: String,
}

#[controller(auth = "api_key")]
impl Shop {
    #[route("/greeting")]
    async fn greeting(&self) -> &str {
        //~^ 33
        self.greeting.as_str().into()
    }
}

fn main() {}

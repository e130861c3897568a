use auth_api_key::{Routes, controller, routes};

struct Shop<T>(T);

#[controller("/shop", auth = "api_key")]
impl<T: Send> Shop<T> {
    //~^ 6
    #[route("/orders")]
    async fn orders(&self) {
        let _ = &self.0;
    }
}

fn main() {
    let _: Routes<()> = routes![Shop::<u8>];
}

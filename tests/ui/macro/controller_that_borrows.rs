use auth_api_key::{Routes, controller, routes};

struct Shop<'a>(&'a str);

#[controller("/shop", auth = "none")]
impl Shop<'_> {
    //~^ 6
    #[route("/name")]
    async fn name() -> String {
        Self("corner").own_name()
    }

    fn own_name(&self) -> String {
        self.0.to_owned()
    }
}

fn main() {
    let _: Routes<()> = routes![Shop];
    let _ = Shop("corner").own_name();
}

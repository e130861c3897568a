use auth_api_key::{Routes, controller, routes};

struct Shop;

#[controller("/shop", auth = "none")]
impl Shop {
    #[route("/{id}")]
    async fn by_id(id: u8) {
        let _ = id;
    }

    #[route("/{name}", methods = ["GET"])]
    async fn by_name(name: String) {
        let _ = name;
    }
}

fn main() {
    let _: Routes<()> = routes![Shop];
    //~^ 33
}

use auth_api_key::controller;

struct Shop;

#[controller("/{tenant}/shop", auth = "api_key")]
impl Shop {
    #[route("/orders")]
    async fn orders(&self, tenant_id: String) {}
    //~^ 14
}

fn main() {}

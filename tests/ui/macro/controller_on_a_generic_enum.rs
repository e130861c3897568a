use auth_api_key::{Routes, controller, routes};

#[controller("/shop", auth = "api_key")]
pub enum Shop<T = u8> {
    //~^ 10
    Open(T),
}

fn main() {
    let _: Routes<()> = routes![Shop::<u8>];
}

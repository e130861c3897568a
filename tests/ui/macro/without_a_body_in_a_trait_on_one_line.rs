use auth_api_key::route;

#[rustfmt::skip]
pub(self) trait Orders { #[route("/orders", auth = "api_key")] fn orders(&self); }
//~^ 67

fn main() {}

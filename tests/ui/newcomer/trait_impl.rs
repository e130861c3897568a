// Wished for: one error at `CrudController for`: "a controller is an `impl` of a type, not of a
// trait"; help: `impl Orders { .. }`.

use auth_api_key::{controller, routes};
#[derive(Clone)]
struct Orders;
trait Crud {
    fn list(&self) -> impl Future<Output = String> + Send;
}
#[controller("/orders", auth = "api_key")]
impl Crud for Orders {
    #[route("/list")]
    async fn list(&self) -> String {
        "x".into()
    }
}
fn main() {
    let _ = routes();
}
fn routes() -> auth_api_key::Routes<auth_api_key::Authenticator> {
    routes![Orders]
}

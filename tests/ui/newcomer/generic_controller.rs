// Wished for: one error at `<R: Repo>`: "a controller cannot be generic"; help: name the type,
// `impl Shop<PgRepo>`, or `Arc<dyn Repo>` in the struct.

use auth_api_key::{controller, routes};
trait Repo: Clone + Send + Sync + 'static {
    fn name(&self) -> String;
}
#[derive(Clone)]
struct Shop<R> {
    repo: R,
}
#[controller("/shop", auth = "api_key")]
impl<R: Repo> Shop<R> {
    #[route("/name")]
    async fn name(&self) -> String {
        self.repo.name()
    }
}
fn main() {
    let _ = routes();
}
fn routes() -> auth_api_key::Routes<auth_api_key::Authenticator> {
    routes![Shop]
}

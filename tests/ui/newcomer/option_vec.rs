// Wished for: one error at `Option<Vec<String>>`: "a repeated parameter is `Vec<String>`, which is
// empty when it is missing"; help: write `tag: Vec<String>`.

use auth_api_key::{ApiKey, Authenticator, controller, routes};
#[derive(Clone)]
struct Blog;
#[controller("/blog", auth = "public")]
impl Blog {
    #[route("/posts?tag&author", methods = ["GET"])]
    async fn posts(
        key: Option<ApiKey>,
        tag: Option<Vec<String>>,
        author: Option<String>,
    ) -> String {
        format!("{:?} {:?} {:?}", key.map(|k| k.name.clone()), tag, author)
    }
}
fn main() {
    let _: axum::Router<Authenticator> = routes![Blog].into();
}

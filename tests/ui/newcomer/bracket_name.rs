// Wished for: one error at `page[size]`: "is no name of an argument"; help: an extractor:
// `Query(page): Query<Page>` with `#[serde(rename = "page[size]")] size: Option<u32>`.

use auth_api_key::{Authenticator, route, routes};
#[route("/articles?page[number]&page[size]", auth = "api_key")]
async fn articles(number: Option<u32>, size: Option<u32>) -> String {
    format!("{number:?} {size:?}")
}
fn main() {
    let _: axum::Router<Authenticator> = routes![articles].into();
}

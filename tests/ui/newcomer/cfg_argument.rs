// Wished for: works without the feature (captures `{id}` only), or one error at `?debug`: "`debug`
// is named in the path, but its argument is left out by #[cfg]"; help: `#[cfg]` on the whole route,
// two of them.

use auth_api_key::{Authenticator, route, routes};
#[route("/jobs/{id}?verbose", auth = "api_key")]
async fn jobs(
    id: u64,
    #[cfg(debug_assertions)] verbose: Option<bool>,
    #[cfg(windows)] drive: Option<char>,
) -> String {
    #[cfg(debug_assertions)]
    let _ = verbose;
    #[cfg(windows)]
    let _ = drive;
    id.to_string()
}
fn main() {
    let _: axum::Router<Authenticator> = routes![jobs].into();
}

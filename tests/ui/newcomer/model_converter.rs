// Wished for: one error at `<model("res.partner"):partner>` in the path: "Odoo's converters are not
// paths of axum"; help: `/partners/{partner}` and an argument `partner: i64` (the record is to be
// looked up by you).

use auth_api_key::{route, routes, Authenticator};
#[route('/partners/<model("res.partner"):partner>', auth='api_key', type='http')]
async fn partner_page(partner: i64) -> String {
    partner.to_string()
}
fn main() { let _: axum::Router<Authenticator> = routes![partner_page].into(); }

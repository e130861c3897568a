use auth_api_key::{odoo::Int, route};

#[route("/partner/{id}", auth = "api_key")]
//~^ 9
async fn partner(Int(id): Int) {
    let _ = id;
}

fn main() {}

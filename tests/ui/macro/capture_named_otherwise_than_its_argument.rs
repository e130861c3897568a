use auth_api_key::route;

#[route("/partner/{partner_id}", auth = "api_key")]
//~^ 9
async fn partner(id: i64) -> String {
    id.to_string()
}

fn main() {}

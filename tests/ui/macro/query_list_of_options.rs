use auth_api_key::route;

#[route("/partners?id", auth = "api_key")]
async fn partners(id: Vec<Option<i64>>) -> String {
    //~^ 23
    format!("{id:?}")
}

fn main() {}

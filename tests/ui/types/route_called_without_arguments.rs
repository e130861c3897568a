use auth_api_key::{ApiKey, route};

#[route("/orders", auth = "api_key")]
async fn orders(key: ApiKey) -> String {
    key.name.to_string()
}

async fn first_letter() -> Option<char> {
    orders().await.chars().next()
    //~^ 5
}

fn main() {
    let _ = first_letter;
}

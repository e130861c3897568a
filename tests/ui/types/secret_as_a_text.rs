use auth_api_key::key::Secret;

fn main() {
    let secret = Secret::issue("shop").unwrap();
    let _ = secret.to_string();
    //~^ 20
}

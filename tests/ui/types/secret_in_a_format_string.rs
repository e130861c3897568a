use auth_api_key::key::Secret;

fn main() {
    let secret = Secret::issue("shop").unwrap();
    println!("keep this: {}", secret);
    //~^ 31
}

use auth_api_key::{ApiKeyLayer, Authenticator, NewKey, key::KeyUpdate};

fn main() {
    let _ = NewKey::new("webshop", "user-7").groups("shop");
    //~^ 53
    let _ = KeyUpdate::new().groups(String::from("shop"));
    //~^ 37
    let _ = ApiKeyLayer::new(Authenticator::for_tests()).groups("shop");
    //~^ 65
    let borrowed = vec!["shop"];
    let _ = NewKey::new("webshop", "user-7").groups(&borrowed);
    let _ = NewKey::new("webshop", "user-7").groups(borrowed.iter());
    let _ = NewKey::new("webshop", "user-7").groups("shop".chars());
    //~^ 53
}

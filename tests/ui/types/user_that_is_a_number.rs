use auth_api_key::{NewKey, key::KeyUpdate};

struct User {
    id: i64,
}

fn key(user: &User) -> NewKey {
    NewKey::new("webshop", user.id)
    //~^ 28
}

fn main() {
    let _ = key;
    let _ = KeyUpdate::new().user(7);
    //~^ 35
}

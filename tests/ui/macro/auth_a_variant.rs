use auth_api_key::route;

enum Role {
    Admin,
}

#[route("/orders", auth = Role::Admin)]
//~^ 27
async fn orders() {}

fn main() {
    let _ = Role::Admin;
}

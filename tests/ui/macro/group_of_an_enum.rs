use auth_api_key::route;

enum Group {
    Shop,
}

#[route("/orders", auth = "api_key", groups = [Group::Shop])]
//~^ 48
async fn orders() {}

fn main() {}

use auth_api_key::route;

#[route("/my_service", auth = "api_key")]
struct MyService;
//~^ 8

fn main() {
    let _ = MyService;
}

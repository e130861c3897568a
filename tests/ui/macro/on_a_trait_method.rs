use auth_api_key::route;

pub trait Shop {
    #[route("/orders", auth = "api_key")]
    fn orders();
    //~^ 8
}

fn main() {}

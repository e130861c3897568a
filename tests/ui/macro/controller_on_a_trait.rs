use auth_api_key::controller;

#[controller("/shop", auth = "api_key")]
trait Shop {
    //~^ 7
    fn orders();
}

fn main() {}

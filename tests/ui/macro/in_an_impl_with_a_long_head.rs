use auth_api_key::route;

struct Shop<T>(T);

impl<T> Shop<T>
where
    T: Send,
{
    #[route("/orders", auth = "api_key")]
    async fn orders(&self) {}
    //~^ 21
}

fn main() {
    let _ = Shop(1);
}

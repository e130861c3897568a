use auth_api_key::{Authenticator, Error};

async fn open() -> Result<Authenticator, Error> {
    Authenticator::builder().build("sqlite:keys.db").await
    //~^ 36
}

fn main() {
    let _ = open();
}

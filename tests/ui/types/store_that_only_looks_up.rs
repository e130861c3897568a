use std::time::Duration;

use auth_api_key::{
    Authenticator, Error,
    key::{Digest, KeyRecord},
    store::{Lookup, Watch},
};
use futures_util::future::BoxFuture;

#[derive(Debug)]
struct Exported;

impl Lookup for Exported {
    fn find<'a>(&'a self, _: &'a [Digest]) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
        Box::pin(async { Ok(None) })
    }

    fn watch(&self, _: Duration) -> BoxFuture<'_, Result<Option<Box<dyn Watch>>, Error>> {
        Box::pin(async { Ok(None) })
    }
}

async fn open() -> Result<Authenticator, Error> {
    Authenticator::builder().build(Exported).await
    //~^ 36
}

fn main() {
    let _ = open();
}

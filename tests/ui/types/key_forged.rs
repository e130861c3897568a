use std::sync::Arc;

use auth_api_key::{ApiKey, KeyRecord};

fn main() {
    let _ = ApiKey(Arc::new(KeyRecord::new(1, "name", "user")));
}

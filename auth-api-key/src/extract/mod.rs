//! [`ApiKey`](crate::ApiKey) and the caller's address as axum extractors, and a tower layer.

mod api_key;
mod caller;
mod layer;
mod state;

pub use self::{
    caller::Caller,
    layer::{ApiKeyLayer, ApiKeyService},
    state::ProvidesAuthenticator,
};

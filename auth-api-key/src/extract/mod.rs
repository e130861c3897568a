//! [`ApiKey`](crate::ApiKey) as an axum extractor, and a tower layer.

mod api_key;
mod layer;
mod state;

pub use self::{
    layer::{ApiKeyLayer, ApiKeyService},
    state::ProvidesAuthenticator,
};

//! [`ApiKey`](crate::ApiKey) and the caller's address as axum extractors, and tower layers.

mod answer_layer;
mod api_key;
mod caller;
mod layer;
mod state;

pub use self::{
    answer_layer::{AnswerLayer, AnswerService, LayerAnswer},
    caller::Caller,
    layer::{ApiKeyLayer, ApiKeyService},
    state::ProvidesAuthenticator,
};

//! What there is to buy: everybody may look, and who has a key sees how many pieces are left.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use auth_api_key::{
    ApiKey, Routes,
    openapi::utoipa::{self, ToSchema},
    route, routes,
};
use axum::{Json, extract::State};
use serde::Serialize;

use crate::{app::AppState, error::ShopError, language::Language};

/// In a real service, a database.
#[derive(Clone)]
pub(crate) struct Stock(Arc<Mutex<BTreeMap<&'static str, u32>>>);

impl Default for Stock {
    fn default() -> Self {
        let pieces = BTreeMap::from([("chair", 12), ("lamp", 5)]);
        Self(Arc::new(Mutex::new(pieces)))
    }
}

impl Stock {
    fn pieces(&self) -> MutexGuard<'_, BTreeMap<&'static str, u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes pieces out.
    pub(crate) fn take(&self, article: &str, wanted: u32) -> Result<(), ShopError> {
        let mut pieces = self.pieces();
        let left = pieces
            .get_mut(article)
            .ok_or_else(|| ShopError::NoSuchArticle(article.to_owned()))?;
        *left = left
            .checked_sub(wanted)
            .ok_or_else(|| ShopError::OutOfStock {
                article: article.to_owned(),
                left: *left,
            })?;
        Ok(())
    }
}

#[derive(Debug, Serialize, ToSchema)]
struct Article {
    name: &'static str,
    title: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pieces: Option<u32>,
}

fn title(name: &str, language: Language) -> &'static str {
    match (name, language) {
        ("chair", Language::English) => "A chair",
        ("chair", Language::French) => "Une chaise",
        (_, Language::English) => "A lamp",
        (_, Language::French) => "Une lampe",
    }
}

/// Lists the articles.
#[route("/stock", auth = "public", methods = ["GET"])]
async fn stock(
    key: Option<ApiKey>,
    language: Language,
    State(stock): State<Stock>,
) -> Json<Vec<Article>> {
    let stock = stock.pieces();
    let articles = stock.iter().map(|(name, pieces)| Article {
        name,
        title: title(name, language),
        pieces: key.is_some().then_some(*pieces),
    });
    Json(articles.collect())
}

pub(crate) fn routes() -> Routes<AppState> {
    routes![stock]
}

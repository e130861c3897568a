//! Runs one test over several stores.

/// Runs each behaviour in memory, over a SQLite file and over PostgreSQL. A behaviour is an `async fn`
/// that takes an [`Authenticator`](auth_api_key::Authenticator) and its
/// [`GatedStore`](crate::GatedStore).
#[macro_export]
macro_rules! over_each_store {
    ($($behaviour:ident)*) => {
        mod memory {
            $(#[tokio::test]
            async fn $behaviour() {
                let (auth, store) = $crate::GatedStore::default().node().await;
                super::$behaviour(auth, store).await;
            })*
        }

        mod sqlite {
            $(#[tokio::test]
            async fn $behaviour() {
                let shared = $crate::cluster::Shared::file();
                let (auth, store) = shared.node().await;
                super::$behaviour(auth, store).await;
            })*
        }

        mod postgres {
            $(#[tokio::test]
            async fn $behaviour() {
                if let Some(shared) = $crate::cluster::Shared::server().await {
                    let (auth, store) = shared.node().await;
                    super::$behaviour(auth, store).await;
                }
            })*
        }
    };
}

/// Runs each behaviour over a SQLite file and over PostgreSQL. A behaviour is an `async fn` that takes a
/// [`Shared`](crate::cluster::Shared) database.
#[macro_export]
macro_rules! over_each_database {
    ($($behaviour:ident)*) => {
        mod sqlite {
            $(#[tokio::test]
            async fn $behaviour() {
                super::$behaviour($crate::cluster::Shared::file()).await;
            })*
        }

        mod postgres {
            $(#[tokio::test]
            async fn $behaviour() {
                if let Some(shared) = $crate::cluster::Shared::server().await {
                    super::$behaviour(shared).await;
                }
            })*
        }
    };
}

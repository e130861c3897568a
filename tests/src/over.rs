//! One behaviour, tested over several stores.

/// Tests each behaviour, an `async fn` of an [`Authenticator`](auth_api_key::Authenticator) and the
/// [`GatedStore`](crate::GatedStore) below it, in memory, over a SQLite file and over PostgreSQL.
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

/// Tests each behaviour, an `async fn` of a [`Shared`](crate::cluster::Shared) database, over a SQLite
/// file and over PostgreSQL.
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

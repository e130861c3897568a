//! How decisions are logged.

use auth_api_key::{Authenticator, NewKey, Reason};
use tests::{GatedStore, Log};

async fn verify(auth: &Authenticator, text: &str, group: &str) -> Option<Reason> {
    auth.verify(text, &[group], None).await.err()
}

#[tokio::test]
async fn every_decision_is_logged_with_its_key_and_whether_it_was_cached() {
    let store = GatedStore::default();
    let auth = Authenticator::builder().build(store).await.unwrap();
    let key = NewKey::new("webshop", "user").groups(["shop"]);
    let created = auth.keys().create(key).await.unwrap();
    let text = created.secret.expose();
    let (text, ()) = Log::of(async {
        verify(&auth, text, "shop").await;
        verify(&auth, text, "shop").await;
        verify(&auth, text, "erp").await;
        verify(&auth, "unknown", "shop").await;
    })
    .await;
    let decisions = text.lines().filter(|line| line.contains("auth_api_key"));
    let decisions: Vec<&str> = decisions.filter(|line| line.contains("cached=")).collect();
    assert_eq!(decisions.len(), 4, "{text}");
    for (line, parts) in decisions.iter().zip([
        [
            "DEBUG",
            "admitted",
            "key.id=1",
            "key.name=\"webshop\"",
            "cached=false",
        ],
        [
            "DEBUG",
            "admitted",
            "key.id=1",
            "key.hint=key_",
            "cached=true",
        ],
        [
            "INFO",
            "refused",
            "key.name=\"webshop\"",
            "reason=ForbiddenGroup",
            "cached=true",
        ],
        ["INFO", "refused", "", "reason=UnknownKey", "cached=false"],
    ]) {
        for part in parts {
            assert!(line.contains(part), "{part} is not in {line}");
        }
    }
}

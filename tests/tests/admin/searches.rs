//! Searches on the pages: what is looked for, and where it never stands.

use std::time::Duration;

use auth_api_key::{
    Authenticator, NewKey, key::Secret, rejection::AnswerStyle, store::MemoryStore,
};
use reqwest::StatusCode;
use tests::{Log, cluster::Shared, over_each_database};

use crate::{
    access::key,
    visitor::{Page, Visitor, encoded, pages},
};

over_each_database! {
    text_of_a_key_that_is_looked_for_stands_in_no_address
    text_of_a_key_is_found_in_what_is_pasted_with_it
    text_is_checked_without_a_use_and_the_page_says_why_it_is_refused
}

async fn text_of_a_key_that_is_looked_for_stands_in_no_address(shared: Shared) {
    let (auth, _) = shared.node().await;
    let keys = auth.keys();
    let manager = key(&keys, "manager", &["managers"]).await;
    let viewer = key(&keys, "viewer", &["viewers"]).await;
    let issued = key(&keys, "web shop", &[]).await;
    let rotated = keys.rotate("web shop", Duration::from_secs(60));
    let newer = rotated.await.unwrap().secret.expose().to_owned();
    let given = "swordfish-of-the-shop";
    let new = NewKey::new("old shop", "user").text(given);
    keys.create(new).await.unwrap();
    let unknown = Secret::issue("shop").unwrap();
    let unknown = unknown.expose();
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let form = visitor.get("keys").await.form();
    let leads = |answer: Page, to: &str, text: &str| {
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
        assert_eq!(answer.location(), to);
        assert!(!format!("{:?} {}", answer.headers, answer.body).contains(text));
    };
    let hint = format!("shop_%E2%80%A6{}", &unknown[unknown.len() - 4..]);
    let blanks = format!(" {newer}\n");
    for (text, found) in [
        (issued.as_str(), "web+shop"),
        (&newer, "web+shop"),
        (&blanks, "web+shop"),
        (given, "old+shop"),
        (unknown, &hint),
        ("web", "web"),
    ] {
        let looked_for = text.trim();
        for (page, field) in [
            ("keys", "text"),
            ("keys", "user"),
            ("trail", "key"),
            ("trail", "actor"),
        ] {
            let to = format!("{page}?{field}={found}");
            let fields = [(field, text)];
            let answer = visitor
                .post(&format!("search-{page}"), &form, &fields)
                .await;
            if text != "web" {
                leads(answer, &to, looked_for);
            } else {
                assert_eq!(answer.location(), to);
            }
            let list = visitor.get(&to).await;
            assert_eq!(list.status, StatusCode::OK);
            assert!(text == "web" || !list.has(looked_for), "{}", list.body);
            if field == "text" && text != unknown {
                assert!(list.has(" shop</bdi></a>"), "{}", list.body);
            }
        }
    }
    // Written into the address by hand.
    for page in ["keys?text=", "keys?group=", "trail?key="] {
        let answer = visitor.get(&format!("{page}{newer}")).await;
        leads(answer, &format!("{page}web+shop"), &newer);
    }
    let several = [("text", "shop"), ("state", "active"), ("user", "")];
    let answer = visitor.post("search-keys", &form, &several).await;
    assert_eq!(answer.location(), "keys?text=shop&state=active");
    // An id may have blanks.
    let blanks = [("user", " user ")];
    let answer = visitor.post("search-keys", &form, &blanks).await;
    assert_eq!(answer.location(), "keys?user=+user+");

    // Viewers do not learn whether a text is that of a key.
    let visitor = Visitor::signed_in(&server, &viewer).await;
    let form = visitor.get("keys").await.form();
    let newer_hint = format!("key_%E2%80%A6{}", &newer[newer.len() - 4..]);
    for (text, to) in [
        (newer.as_str(), &*newer_hint),
        (unknown, &hint),
        (given, given),
    ] {
        let answer = visitor.post("search-keys", &form, &[("text", text)]).await;
        assert_eq!(answer.location(), format!("keys?text={to}"));
    }
}

async fn text_of_a_key_is_found_in_what_is_pasted_with_it(shared: Shared) {
    let (auth, _) = shared.node().await;
    let keys = auth.keys();
    let manager = key(&keys, "manager", &["managers"]).await;
    let viewer = key(&keys, "viewer", &["viewers"]).await;
    let issued = key(&keys, "web shop", &[]).await;
    let given = "sword: fish";
    let new = NewKey::new("old shop", "user").text(given);
    keys.create(new).await.unwrap();
    let hint = format!("key_%E2%80%A6{}", &issued[issued.len() - 4..]);
    let server = pages(&auth).await;
    let log = Log::of_process();
    for (visitor, finds) in [(&manager, true), (&viewer, false)] {
        let visitor = Visitor::signed_in(&server, visitor).await;
        let form = visitor.get("keys").await.form();
        for around in [
            "API-KEY: {}",
            "api-key:{}\r\n",
            "Bearer {}",
            "Authorization: Bearer {}",
            "\"{}\"",
            "'{}',",
            "\u{201c}{}\u{201d}",
            "`API-KEY: {}`",
            "\u{a0}{}\u{200b}",
            "API_KEY={}",
            "curl -H 'API-KEY: {}' https://shop.example.com",
            "{\"key\": \"{}\"}",
        ] {
            let is_of_a_header = !["curl", "=", "{\""]
                .iter()
                .any(|sign| around.contains(sign));
            for (text, name) in [(issued.as_str(), "web+shop"), (given, "old+shop")] {
                // Only an issued text is known in the middle of others, and by viewers.
                if text == given && !(finds && is_of_a_header) {
                    continue;
                }
                let pasted = around.replace("{}", text);
                let found = if finds { name } else { &hint };
                for (page, field) in [("keys", "text"), ("keys", "user"), ("trail", "key")] {
                    let search = format!("search-{page}");
                    let answer = visitor.post(&search, &form, &[(field, &*pasted)]).await;
                    assert_eq!(
                        answer.location(),
                        format!("{page}?{field}={found}"),
                        "{around}"
                    );
                    if text == issued {
                        let written = encoded(&pasted);
                        let answer = visitor.get(&format!("{page}?{field}={written}")).await;
                        assert_eq!(
                            answer.location(),
                            format!("{page}?{field}={found}"),
                            "{around}"
                        );
                    }
                }
            }
        }
    }
    for text in [&issued, given] {
        assert!(!log.text().contains(text));
    }
}

#[tokio::test]
async fn answer_to_a_text_that_is_checked_is_that_of_the_program() {
    let auth = Authenticator::builder()
        .answers(AnswerStyle::Odoo)
        .bearer(true);
    let auth = auth.build(MemoryStore::new()).await.unwrap();
    let manager = key(&auth.keys(), "manager", &["managers"]).await;
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let fields = [("check-text", "swordfish")];
    let page = visitor.change("check-key", &fields).await;
    assert!(
        page.has("<code>403 invalid_api_key</code>"),
        "{}",
        page.body
    );
    for (sent, is_admitted) in [
        ("Bearer {}", true),
        ("Authorization: bearer {}", true),
        ("api-key: {}", true),
        ("Authorization: {}", false),
        ("Bearer:{}", false),
        ("api-key {}", false),
        ("Authorization: api-key: {}", false),
        ("{}, {}", false),
    ] {
        let sent = sent.replace("{}", &manager);
        let page = visitor.change("check-key", &[("check-text", &sent)]).await;
        let says = "A request with this text is admitted.";
        assert_eq!(page.has(says), is_admitted, "{sent}: {}", page.body);
    }
}

async fn text_is_checked_without_a_use_and_the_page_says_why_it_is_refused(shared: Shared) {
    let (auth, _) = shared.node().await;
    let keys = auth.keys();
    let manager = key(&keys, "manager", &["managers"]).await;
    let viewer = key(&keys, "viewer", &["viewers"]).await;
    let good = key(&keys, "web shop", &["shop", "erp"]).await;
    let near = NewKey::new("near", "near").networks(["10.0.0.0/8".parse().unwrap()]);
    let near = keys.create(near).await.unwrap().secret.expose().to_owned();
    let archived = key(&keys, "archived", &[]).await;
    keys.archive("archived").await.unwrap();
    let gone = key(&keys, "gone", &[]).await;
    auth.users().archive("gone").await.unwrap();
    let rotated = key(&keys, "rotated", &[]).await;
    let minute = Duration::from_secs(60);
    keys.rotate("rotated", minute).await.unwrap();
    let older = key(&keys, "older", &[]).await;
    let newer = keys.rotate("older", minute).await.unwrap().secret;
    let newer = newer.expose().to_owned();
    let expired = key(&keys, "expired", &[]).await;
    auth.users().archive("expired").await.unwrap();
    shared
        .execute(
            "UPDATE api_key SET expires_at = 1 WHERE name = 'expired';
             UPDATE api_key_secret SET valid_until = 1 WHERE valid_until IS NOT NULL
             AND key_id = (SELECT id FROM api_key WHERE name = 'rotated')",
        )
        .await;
    let deleted = key(&keys, "deleted", &[]).await;
    keys.delete("deleted").await.unwrap();
    let server = pages(&auth).await;
    let visitor = Visitor::signed_in(&server, &manager).await;
    let form = visitor.get("check-key").await.form();
    let quoted = format!("API-KEY: \"{good}\"");
    let given = format!("api-key: {good}");
    let log = Log::of_process();
    for (text, groups, address, says) in [
        (
            good.as_str(),
            "",
            "",
            "A request with this text is admitted.",
        ),
        (
            &good,
            "other, erp",
            "",
            "A request with this text is admitted.",
        ),
        (&quoted, "", "", "without anything around it"),
        (&quoted, "", "", "<code>401 invalid_api_key</code>"),
        (&newer, "", "", "A request with this text is admitted."),
        (&older, "", "", "This one works until <time"),
        (&given, "", "", "A request with this text is admitted."),
        (&good, "other", "", "<code>403 forbidden_group</code>"),
        (&near, "", "", "Give the address of the caller."),
        (
            &near,
            "",
            "10.1.2.3",
            "A request with this text is admitted.",
        ),
        (&near, "", "192.0.2.1", "<code>403 forbidden_network</code>"),
        (&archived, "", "", "The key is archived."),
        (&gone, "", "", "The user of the key is archived."),
        (&expired, "", "", "The key has expired."),
        (&rotated, "", "", "this older text works no longer"),
        (&deleted, "", "", "its key was deleted or rotated"),
        ("swordfish", "", "", "Look for a typing error"),
        ("swordfish", "", "", "<code>401 invalid_api_key</code>"),
        (&good, "", "nowhere", "Write it as 192.0.2.1."),
    ] {
        let fields = [
            ("check-text", text),
            ("groups", groups),
            ("address", address),
        ];
        let page = visitor.post("check-key", &form, &fields).await;
        assert!(page.has(says), "{says}: {}", page.body);
        assert!(!page.has(&good) && !page.has(text), "{}", page.body);
        let is_admitted = page.has("A request with this text is admitted.");
        assert_eq!(is_admitted, !page.has("<code>4") && address != "nowhere");
    }
    let nothing = visitor
        .post("check-key", &form, &[("check-text", " ")])
        .await;
    assert!(!nothing.has("A request with this text"), "{}", nothing.body);
    auth.flush().await;
    let used = keys.get("web shop").await.unwrap().unwrap();
    assert_eq!(used.last_used_at, None);
    assert!(!log.text().contains(&good));

    // Viewers do not learn whether a text is that of a key.
    let visitor = Visitor::signed_in(&server, &viewer).await;
    assert!(!visitor.get("keys").await.has("check-key"));
    let page = visitor.get("check-key").await;
    assert!(page.has("change nothing") && !page.has("check-text"));
    let form = page.form();
    let fields = [("check-text", good.as_str())];
    let refused = visitor.post("check-key", &form, &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

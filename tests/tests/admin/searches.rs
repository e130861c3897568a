//! Searches on the pages: what is looked for, and where it never stands.

use auth_api_key::{NewKey, key::Secret};
use reqwest::StatusCode;
use tests::{Log, cluster::Shared, over_each_database};

use crate::{
    access::key,
    visitor::{Page, Visitor, encoded, pages},
};

over_each_database! {
    text_of_a_key_that_is_looked_for_stands_in_no_address
    text_of_a_key_is_found_in_what_is_pasted_with_it
}

async fn text_of_a_key_that_is_looked_for_stands_in_no_address(shared: Shared) {
    let (auth, _) = shared.node().await;
    let keys = auth.keys();
    let manager = key(&keys, "manager", &["managers"]).await;
    let viewer = key(&keys, "viewer", &["viewers"]).await;
    let issued = key(&keys, "web shop", &[]).await;
    let rotated = keys.rotate("web shop", std::time::Duration::from_secs(60));
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

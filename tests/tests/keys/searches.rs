//! The search of lists: what a text finds over each database is what the filter says of each key, in keys of
//! any age, and after any change.

use std::time::{Duration, SystemTime};

use auth_api_key::{
    Authenticator, NewKey,
    key::{KeyFilter, KeyOrder, KeyRecord, KeyState, Page},
    store::Lookup as _,
};
use tests::{cluster::Shared, listed, over_each_database, postgres::Database};

over_each_database! {
    search_finds_page_by_page_what_the_filter_says_of_each_key
    search_finds_keys_of_the_version_before
    search_follows_each_change_by_hand
    page_looks_at_a_part_of_a_long_list_and_leads_on
}

/// More than are found by an index and then sorted.
const MANY: usize = 2_100;
/// More than a page looks at in a list, and than an index finds with a part of a text.
const LONG: usize = 5_400;
const PIECES: [&str; 34] = [
    "%", "_", "\\", "'", "\"", "*", "-", ":", "(", ")", "^", "…", ".", " ", "a", "A", "b", "B",
    "c", "key", "Key", "shop", "AND", "é", "É", "ß", "İ", "к", "К", "люч", "日本", "🦀", "👍🏽",
    "שלום",
];

/// Numbers that look random and are the same each time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % limit
    }

    fn pick<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    fn text(&mut self, pieces: usize) -> String {
        (0..1 + self.below(pieces))
            .map(|_| *self.pick(&PIECES))
            .collect()
    }

    /// A part of a text, with some letters in the other case.
    fn part(&mut self, text: &str) -> String {
        let all: Vec<char> = text.chars().collect();
        let from = self.below(all.len());
        let length = 1 + self.below(5.min(all.len() - from));
        let part = all[from..from + length].iter();
        part.map(|char| match self.below(3) {
            0 if char.is_ascii_lowercase() => char.to_ascii_uppercase(),
            0 => char.to_ascii_lowercase(),
            _ => *char,
        })
        .collect()
    }
}

async fn fill(auth: &Authenticator, shared: &Shared, random: &mut Random) {
    let mut keys = Vec::new();
    for number in 0..120 {
        // The number makes each name another one.
        let name = match random.below(2) {
            0 => format!("{}{number}", random.text(6)),
            _ => format!("{number}{}", random.text(6)),
        };
        let name = name.trim().to_owned();
        let mut key = NewKey::new(name, format!("user-{}", random.below(3)));
        key = match random.below(3) {
            0 => key.text(format!("text-{number}")),
            1 => key.prefix(*random.pick(&["shop", "Ab", "a", "k_y"])),
            _ => key,
        };
        if random.below(2) == 0 {
            key = key.groups(["shop"]);
        }
        if random.below(4) == 0 {
            key = key.archived();
        }
        keys.push(key);
    }
    keys.extend((0..MANY).map(|number| {
        NewKey::new(format!("many-{number}"), "user-1").text(format!("text of many-{number}"))
    }));
    let created = auth.keys().create_all(keys).await.unwrap();
    let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let uses: Vec<_> = created
        .iter()
        .filter(|key| key.record.id % 3 > 0)
        .map(|key| {
            (
                key.record.id,
                time + Duration::from_secs(key.record.id as u64 * 7919 % 5000),
            )
        })
        .collect();
    shared.store().await.record_uses(&uses).await.unwrap();
    for key in created.iter().take(120).step_by(5) {
        auth.keys()
            .rotate(&key.record.name, Duration::from_secs(60))
            .await
            .unwrap();
    }
    auth.users().archive("user-2").await.unwrap();
}

async fn search_finds_page_by_page_what_the_filter_says_of_each_key(shared: Shared) {
    let (auth, _) = shared.node().await;
    let random = &mut Random(7);
    fill(&auth, &shared, random).await;
    let all = listed(&auth, &KeyFilter::new().size(1000)).await;
    assert_eq!(all.len(), 120 + MANY);
    let mut found = [0; 2];
    for round in 0..150 {
        let key = random.pick(&all);
        let text = match random.below(8) {
            0 => random.text(2),
            1 => {
                ["m", "ma", "man", "many-", "MANY-1", "any-20", "…", ""][random.below(8)].to_owned()
            }
            2 | 3 if key.hint.last.len() == 4 => random.part(&key.hint.to_string()),
            _ => random.part(&key.name),
        };
        let order = *random.pick(&[KeyOrder::Name, KeyOrder::LastUse]);
        let mut filter = KeyFilter::new()
            .search(&text)
            .order(order)
            .size(1 + random.below(60));
        if random.below(4) == 0 {
            filter = filter.group("shop");
        }
        if random.below(4) == 0 {
            filter = filter.user("user-1");
        }
        match random.below(6) {
            0 => filter = filter.state(KeyState::Active),
            1 => filter = filter.state(KeyState::Archived),
            _ => {}
        }
        let expected = |filter: &KeyFilter| filter.page(all.iter().cloned()).unwrap();
        let first = expected(&filter);
        if random.below(2) == 0 && first.next.is_some() {
            filter = filter.after(first.next);
        }
        let told = |page: &Page<KeyRecord>| -> Vec<String> {
            page.items.iter().map(|key| key.name.clone()).collect()
        };
        let (page, expected) = (auth.keys().list(&filter).await.unwrap(), expected(&filter));
        assert_eq!(
            told(&page),
            told(&expected),
            "round {round}: {text:?} {filter:?}"
        );
        assert_eq!(page, expected, "round {round}: {text:?} {filter:?}");
        let now = SystemTime::now();
        let number = all.iter().filter(|key| filter.matches(key, now)).count();
        let count = auth.keys().count(&filter).await.unwrap();
        assert_eq!(count, number as u64, "round {round}: {text:?} {filter:?}");
        found[usize::from(number > 0)] += 1;
    }
    assert!(found.iter().all(|rounds| *rounds > 15), "{found:?}");
}

async fn names(auth: &Authenticator, text: &str) -> Vec<String> {
    let found = listed(auth, &KeyFilter::new().search(text)).await;
    assert_eq!(
        auth.keys()
            .count(&KeyFilter::new().search(text))
            .await
            .unwrap(),
        found.len() as u64
    );
    found.into_iter().map(|key| key.name).collect()
}

/// A key with a text, as a program made it that knows the first three migrations.
fn made_by_hand(shared: &Shared, id: u32, name: &str, prefix: &str, last: &str) -> String {
    let (digest, given) = match shared {
        Shared::File(_) => ("randomblob(32)", ""),
        Shared::Server(_) => (
            "sha256(gen_random_uuid()::text::bytea)",
            "OVERRIDING SYSTEM VALUE",
        ),
    };
    format!(
        "INSERT INTO api_key_user (id) VALUES ('user') ON CONFLICT DO NOTHING;
         INSERT INTO api_key (id, name, user_id) {given} VALUES ({id}, '{name}', 'user');
         INSERT INTO api_key_secret (key_id, digest, pepper_version, prefix, hint)
             SELECT {id}, {digest}, max(version), '{prefix}', '{last}' FROM api_key_pepper"
    )
}

async fn search_finds_keys_of_the_version_before(shared: Shared) {
    shared.migrate_to(3).await;
    let digest = match &shared {
        Shared::File(_) => "zeroblob(32)",
        Shared::Server(_) => "sha256('a')",
    };
    shared
        .execute(&format!(
            "INSERT INTO api_key_pepper (version, check_value) VALUES (7, {digest})"
        ))
        .await;
    for (id, name, last) in [(1, "Web Shop", "aB3d"), (2, "Ключ", "x7Qk")] {
        shared
            .execute(&made_by_hand(&shared, id, name, "shop", last))
            .await;
    }
    shared
        .execute("UPDATE api_key SET active = FALSE WHERE id = 2")
        .await;
    let store = shared.store().await;
    let found = async |text: &str| {
        let filter = KeyFilter::new().search(text);
        let page = auth_api_key::store::KeyStore::list(&store, &filter)
            .await
            .unwrap();
        page.items
            .into_iter()
            .map(|key| key.name)
            .collect::<Vec<_>>()
    };
    for (text, expected) in [
        ("b s", &["Web Shop"][..]),
        ("WE", &["Web Shop"]),
        ("люч", &["Ключ"]),
        ("К", &["Ключ"]),
        ("_…x7q", &["Ключ"]),
        ("shop", &["Web Shop", "Ключ"]),
        ("sh", &["Web Shop", "Ключ"]),
        ("hop", &["Web Shop", "Ключ"]),
        ("ho", &[]),
    ] {
        assert_eq!(found(text).await, expected, "{text:?}");
    }
}

async fn search_follows_each_change_by_hand(shared: Shared) {
    let (auth, _) = shared.node().await;
    for (id, name, last) in [(1, "first", "aaaa"), (2, "second", "bbbb")] {
        shared
            .execute(&made_by_hand(&shared, id, name, "shop", last))
            .await;
    }
    assert_eq!(names(&auth, "aaaa").await, ["first"]);
    let newest = "(SELECT max(id) FROM api_key_secret WHERE key_id = 1)";
    for (change, text, expected) in [
        ("UPDATE api_key SET name = 'renamed' WHERE id = 1".to_owned(), "renam", &["renamed"][..]),
        ("SELECT 1".to_owned(), "first", &[]),
        (format!("UPDATE api_key_secret SET hint = 'cccc' WHERE id = {newest}"), "cccc", &["renamed"]),
        ("SELECT 1".to_owned(), "aaaa", &[]),
        (
            "INSERT INTO api_key_secret (key_id, digest, pepper_version, hint)
             SELECT 1, reversed, pepper_version, 'dddd' FROM (
                 SELECT CAST('0123456789abcdef0123456789abcdef' AS bytes) AS reversed, pepper_version
                 FROM api_key_secret WHERE key_id = 2) AS other"
                .replace("bytes", if matches!(shared, Shared::File(_)) { "BLOB" } else { "bytea" }),
            "dd",
            &["renamed"],
        ),
        ("SELECT 1".to_owned(), "shop_cccc", &[]),
        (format!("DELETE FROM api_key_secret WHERE id = {newest}"), "shop_cccc", &["renamed"]),
        ("SELECT 1".to_owned(), "dd", &[]),
        // The text of one key becomes that of the other one.
        (
            "UPDATE api_key_secret SET key_id = 1 WHERE key_id = 2".to_owned(),
            "shop_bbbb",
            &["renamed"],
        ),
        ("SELECT 1".to_owned(), "sh", &["renamed"]),
        ("DELETE FROM api_key_secret".to_owned(), "sh", &[]),
        ("DELETE FROM api_key WHERE id = 1".to_owned(), "renamed", &[]),
    ] {
        shared.execute(&change).await;
        assert_eq!(names(&auth, text).await, expected, "{text:?} after {change}");
    }
    let Shared::File(file) = &shared else { return };
    file.execute(
        "REPLACE INTO api_key (id, name, user_id) VALUES (2, 'replaced', 'user');
         REPLACE INTO api_key (id, name, user_id) VALUES (3, 'other', 'user');
         REPLACE INTO api_key (id, name, user_id) VALUES (4, 'other', 'user')",
    )
    .await;
    for (text, expected) in [
        ("second", &[][..]),
        ("replaced", &["replaced"]),
        ("other", &["other"]),
    ] {
        assert_eq!(names(&auth, text).await, expected, "{text:?}");
    }
    let searched = "SELECT rowid || ' ' || name FROM api_key_search ORDER BY rowid";
    assert_eq!(shared.texts(searched).await, ["2 replaced", "4 other"]);
}

async fn page_looks_at_a_part_of_a_long_list_and_leads_on(shared: Shared) {
    let (auth, _) = shared.node().await;
    let past = SystemTime::UNIX_EPOCH + Duration::from_secs(1_700_000_000);
    let (mut keys, mut late) = (Vec::new(), Vec::new());
    for number in 0..LONG {
        keys.push(NewKey::new(format!("early-{number:04}"), "user").expires_at(past));
    }
    for number in 0..LONG {
        let name = format!("late-{number:04}");
        late.push(name.clone());
        let key = NewKey::new(name, "user");
        keys.push(match number % 3 {
            0 => key.archived(),
            _ => key,
        });
    }
    let given = |(number, key): (usize, NewKey)| key.text(format!("text {number}"));
    let keys = keys.into_iter().enumerate().map(given);
    auth.keys().create_all(keys).await.unwrap();
    let active: Vec<String> = (0..LONG)
        .filter(|number| number % 3 > 0)
        .map(|number| late[number].clone())
        .collect();
    for (filter, expected) in [
        (KeyFilter::new().search("late-"), &late),
        (KeyFilter::new().search("late-").user("user"), &late),
        (KeyFilter::new().search("la"), &late),
        (KeyFilter::new().state(KeyState::Active), &active),
        (
            KeyFilter::new().search("LATE-").state(KeyState::Active),
            &active,
        ),
    ] {
        for order in [KeyOrder::Name, KeyOrder::LastUse] {
            let filter = filter.clone().order(order).size(700);
            let first = auth.keys().list(&filter).await.unwrap();
            assert_eq!(
                (first.items.len(), first.next.is_some()),
                (0, true),
                "{filter:?}"
            );
            let found = listed(&auth, &filter).await;
            let found: Vec<&String> = found.iter().map(|key| &key.name).collect();
            assert!(found.iter().copied().eq(expected), "{filter:?}: {found:?}");
            let count = auth.keys().count(&filter).await.unwrap();
            assert_eq!(count, expected.len() as u64, "{filter:?}");
        }
    }
    // What an index finds few of is on one page, however far behind it is.
    let page = auth
        .keys()
        .list(&KeyFilter::new().search("late-53"))
        .await
        .unwrap();
    assert_eq!((page.items.len(), page.next.is_some()), (50, true));
    let page = auth
        .keys()
        .list(&KeyFilter::new().search("te-5399"))
        .await
        .unwrap();
    assert_eq!((page.items.len(), page.next), (1, None));
}

#[tokio::test]
async fn owner_that_may_create_no_extension_migrates_and_searches() {
    let Some(database) = Database::new().await else {
        return;
    };
    database
        .execute(
            "CREATE ROLE plain_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE;
             CREATE SCHEMA plain AUTHORIZATION plain_owner;
             ALTER ROLE plain_owner SET search_path = plain",
        )
        .await;
    let url = database.url();
    let (_, place) = url.split_once('@').unwrap();
    let auth = Authenticator::connect(&format!("postgres://plain_owner@{place}"))
        .await
        .unwrap();
    auth.keys()
        .create(NewKey::new("Ключ -- *", "user"))
        .await
        .unwrap();
    for text in ["люч", "-- *", " --", "к"] {
        let expected: &[&str] = if text == "к" {
            &[]
        } else {
            &["Ключ -- *"]
        };
        assert_eq!(names(&auth, text).await, expected, "{text:?}");
    }
}

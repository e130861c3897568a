//! What a page of 50 keys costs among a million, at the beginning, in the middle and at the end of
//! each list, in each order; and how lists slow down changes: `cargo bench -p tests --bench list`.

use std::time::{Duration, Instant, SystemTime};

use auth_api_key::{
    Authenticator, NewKey,
    key::{Cursor, KeyFilter, KeyOrder, KeyState, Paging},
    store::Lookup,
};
use tests::{
    cluster::Shared,
    million::{MANY, drop_triggers, enable_triggers, keys},
};

const ROUNDS: usize = 9;
const AIM: Duration = Duration::from_millis(10);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The median and the longest time of a few rounds.
async fn time<F: Future>(mut run: impl FnMut() -> F) -> (Duration, Duration) {
    let begun = Instant::now();
    let mut times = Vec::new();
    while times.is_empty() || (times.len() < ROUNDS && begun.elapsed() < Duration::from_secs(2)) {
        let begun = Instant::now();
        run().await;
        times.push(begun.elapsed());
    }
    times.sort();
    (times[times.len() / 2], times[times.len() - 1])
}

/// Each condition that users write, and combinations of them.
fn filters() -> Vec<(KeyFilter, &'static str)> {
    let now = SystemTime::now();
    let all = KeyFilter::new;
    let never = SystemTime::UNIX_EPOCH + DAY;
    vec![
        (all(), "all"),
        (all().user("user-77"), "user of 100"),
        (all().user("big"), "user of 100,000"),
        (all().group("100"), "group of 100"),
        (all().group("1000"), "group of 1,000"),
        (all().group("10000"), "group of 10,000"),
        (all().group("100000"), "group of 100,000"),
        (all().group("all"), "group of all"),
        (all().group("last"), "group of the last 10,000"),
        (all().state(KeyState::Active), "active"),
        (all().state(KeyState::Archived), "archived: 10,000"),
        (all().state(KeyState::Expired), "expired: 1,000"),
        (all().expiring_before(now + DAY), "expiring: 11,000"),
        (all().expiring_before(now + 60 * DAY), "expiring: 111,000"),
        (all().unused_since(now - 100 * DAY), "unused for long"),
        (all().unused_since(never), "never used: 200,000"),
        (
            all().group("1000").state(KeyState::Active),
            "group of 1,000, active",
        ),
        (
            all().group("100000").state(KeyState::Active),
            "group of 100,000, active",
        ),
        (
            all().group("all").state(KeyState::Archived),
            "group of all, archived",
        ),
        (
            all().group("all").state(KeyState::Expired),
            "group of all, expired",
        ),
        (
            all().group("1000").unused_since(never),
            "group of 1,000, never used",
        ),
        (
            all().group("all").unused_since(never),
            "group of all, never used",
        ),
        (
            all().user("big").state(KeyState::Active),
            "user of 100,000, active",
        ),
        (all().user("user-77").group("all"), "user of 100 in a group"),
        (all().user("big").group("100000"), "user of 100,000, group"),
        (
            all().user("big").group("100"),
            "user of 100,000, group of 100",
        ),
        (
            all().state(KeyState::Active).unused_since(now - 100 * DAY),
            "active, unused for long",
        ),
        (
            all().state(KeyState::Active).expiring_before(now + DAY),
            "active, expiring: 10,000",
        ),
        (all().search("key-7"), "text of 100,000"),
        (all().search("late-"), "text of 200,000, last by name"),
        (all().search("aft-"), "text of 200,000, last by use"),
        (all().search("late-99"), "text of the last 10,000"),
        (all().search("ey-4567"), "text of 100"),
        (all().search("456"), "text of 6,000"),
        (all().search("KEY"), "text of all"),
        (all().search("nowhere"), "text of none"),
        (all().search("k"), "beginning of all"),
        (all().search("zz"), "beginning of none"),
        (
            all().user("big").group("100000").search("777"),
            "user of 100,000, group, text",
        ),
        (
            all().group("1000").search("999"),
            "group of 1,000, text of few",
        ),
        (
            all().user("big").group("all").search("late-"),
            "user of 100,000, group, far text",
        ),
        (
            all().group("all").search("aft-").state(KeyState::Active),
            "group of all, active, far text",
        ),
        (
            all().search("late-").expiring_before(now + 60 * DAY),
            "far text, expiring: 111,000",
        ),
        (
            all().user("big").group("all").state(KeyState::Active),
            "user of 100,000, group, active",
        ),
    ]
}

async fn pages(database: &str, auth: &Authenticator) {
    let mut beyond = Vec::new();
    println!(
        "\n{database}: medium/longest in ms\n{:<33} {:^35} {:^35}\n{:33}{}",
        "",
        "by name",
        "by last use",
        "",
        format!("{:>12}{:>12}{:>12}", "first", "middle", "last").repeat(2) + "       count"
    );
    for (filter, what) in filters() {
        let mut line = format!("{what:<33}");
        let name = |name: &str| Cursor::Name(name.to_owned());
        let used = |days| Cursor::LastUse {
            at: Some(SystemTime::now() - DAY * days),
            id: 0,
        };
        for (order, middle, last) in [
            (KeyOrder::Name, name("key-5"), name("late-998")),
            (KeyOrder::LastUse, used(50), used(1)),
        ] {
            let filter = filter.clone().order(order);
            for after in [None, Some(middle), Some(last)] {
                let filter = filter.clone().after(after);
                let listing = async || auth.keys().list(&filter).await.expect("a page");
                let (medium, longest) = time(listing).await;
                let millis = |time: Duration| time.as_secs_f64() * 1000.0;
                line += &format!("{:>6.1}/{:<5.1}", millis(medium), millis(longest));
                if medium > AIM {
                    beyond.push(format!("{what} by {order:?}: {medium:.1?}"));
                }
            }
        }
        let counting = async || auth.keys().count(&filter).await.expect("a number");
        println!("{line} {:>9.1?}", time(counting).await.0);
    }
    let paging = Paging::new();
    let groups = time(async || auth.groups().list(&paging).await.expect("a page")).await;
    let users = time(async || auth.users().list(&paging).await.expect("a page")).await;
    println!("groups {:.1?}, users {:.1?}", groups.0, users.0);
    println!("beyond {AIM:?}: {}", beyond.join("; "));
}

async fn measure(shared: &Shared) {
    let database = shared.database();
    let (auth, store) = shared.node().await;
    let key = |number| NewKey::new(format!("new-{number}"), "user").groups(["shop", "erp"]);
    let begun = Instant::now();
    let created = auth.keys().create_all((0..10_000).map(key)).await.unwrap();
    let creating = begun.elapsed();
    let uses: Vec<_> = created
        .iter()
        .map(|key| (key.record.id, SystemTime::now()))
        .collect();
    let begun = Instant::now();
    store.record_uses(&uses).await.expect("uses");
    println!(
        "{database}: 10,000 keys in two groups created in {creating:.1?}, their uses noted in {:.1?}",
        begun.elapsed()
    );
    let begun = Instant::now();
    auth.users().archive("user").await.expect("a user");
    println!("{database}: their user archived in {:.1?}", begun.elapsed());
    shared.execute("DELETE FROM api_key").await;

    drop_triggers(shared).await;
    let begun = Instant::now();
    shared.execute(&keys(shared)).await;
    println!(
        "{database}: filled with {MANY} keys in {:.1?}",
        begun.elapsed()
    );
    pages(&format!("{database} without statistics"), &auth).await;
    enable_triggers(shared).await;
    shared.gather_statistics().await;
    pages(&format!("{database} with statistics"), &auth).await;
}

fn main() {
    Shared::measure_each(measure);
}

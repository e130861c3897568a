//! What a page of 50 events costs among a million, and how long it takes to create keys with their events:
//! `cargo bench -p tests --bench trail`.

use std::time::{Duration, Instant};

use auth_api_key::{
    Authenticator, NewKey,
    key::{Cursor, TrailFilter},
};
use tests::{
    cluster::Shared,
    million::{MANY, events},
};

const ROUNDS: usize = 21;
const AIM: Duration = Duration::from_millis(10);

async fn measure(shared: &Shared) {
    let database = shared.database();
    let auth = Authenticator::connect(&shared.url()).await.expect("a node");
    let key = |number| NewKey::new(format!("new-{number}"), "user").groups(["shop", "erp"]);
    let begun = Instant::now();
    let created = auth.keys().create_all((0..10_000).map(key)).await;
    created.expect("keys");
    println!(
        "{database}: 10,000 keys in two groups created in {:.1?}",
        begun.elapsed()
    );
    shared.execute(&events(shared)).await;
    for statistics in ["without statistics", "with statistics"] {
        println!("\n{database} {statistics}: medium and longest of a page of 50");
        let middle = || Cursor::Event(MANY as i64 / 2);
        for (what, filter) in [
            ("all", TrailFilter::new()),
            ("all, middle", TrailFilter::new().after(middle())),
            ("key with 500,000", TrailFilter::new().key("busy")),
            (
                "key with 500,000, middle",
                TrailFilter::new().key("busy").after(middle()),
            ),
            ("key with the oldest 1,000", TrailFilter::new().key("old")),
            ("key with 100", TrailFilter::new().key("key-4711")),
            ("key that is not there", TrailFilter::new().key("nobody")),
            ("actor with 500,000", TrailFilter::new().actor("busy")),
            ("actor with 10,000", TrailFilter::new().actor("actor-7")),
            (
                "key with 100 and its actor",
                TrailFilter::new().key("key-4711").actor("actor-11"),
            ),
            ("action of 200", TrailFilter::new().action("archived")),
            ("action of most", TrailFilter::new().action("updated")),
            (
                "action of most by an actor",
                TrailFilter::new().action("updated").actor("actor-7"),
            ),
            ("oldest first", TrailFilter::new().oldest_first()),
        ] {
            let mut times = Vec::new();
            for _ in 0..ROUNDS {
                let begun = Instant::now();
                let page = auth.maintenance().trail(&filter).await.expect("a page");
                times.push(begun.elapsed());
                assert_eq!(page.items.is_empty(), what.contains("not there"), "{what}");
            }
            times.sort();
            let (medium, longest) = (times[ROUNDS / 2], times[ROUNDS - 1]);
            let beyond = if medium > AIM { "  beyond the aim" } else { "" };
            println!("{what:<28} {medium:>9.2?} {longest:>9.2?}{beyond}");
        }
        shared.gather_statistics().await;
    }
    let begun = Instant::now();
    let before = std::time::UNIX_EPOCH + Duration::from_secs(MANY as u64 / 10);
    let pruned = auth.maintenance().prune(before).await.expect("events");
    println!(
        "{database}: {pruned} events pruned in {:.1?}",
        begun.elapsed()
    );
}

fn main() {
    Shared::measure_each(measure);
}

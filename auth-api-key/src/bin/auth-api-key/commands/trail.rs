//! `trail` and `prune`: show who changed what, and delete old events.

use std::time::{Duration, SystemTime};

use auth_api_key::{
    Authenticator,
    key::{Cursor, Paging, TrailEvent, TrailFilter},
};
use console::Term;
use serde_json::{Map, Value};
use tokio::time::sleep;

use crate::{
    acting::Acting,
    asking::{Asking, ask},
    failure::Failure,
    output::{Output, json_line, note, print, print_list, shown, table},
    values::past,
};

const TRAIL: &str = "\
The newest event comes first. With `--follow`, the oldest comes first: it prints the last ten \
events, or those since `--since`, and then each new event, until Ctrl-C; with `--json` one object \
on each line.

In PostgreSQL, ACTOR has the role of the database in brackets. In SQLite, it is `(sql)` if \
somebody made the change by hand.";

/// How often to ask for new events.
const LOOK: Duration = Duration::from_secs(1);

/// List what was changed, when and by whom
#[derive(clap::Args)]
#[command(after_help = TRAIL)]
pub(crate) struct Args {
    /// Only changes of the key with this name, or if there is none, of the key that had it last
    #[arg(long, value_name = "NAME")]
    key: Option<String>,
    /// Only changes by this actor
    #[arg(long, value_name = "NAME")]
    actor: Option<String>,
    /// Only what was done in this way, such as `rotated` or `group deleted`
    #[arg(long, value_name = "ACTION")]
    action: Option<String>,
    /// Only changes since then: a duration ago such as `7d`, a time such as `2027-01-31T12:00:00Z`, or a day
    #[arg(long, value_name = "DURATION|TIME", value_parser = past)]
    since: Option<SystemTime>,
    /// Print new events until Ctrl-C
    #[arg(long)]
    follow: bool,
    #[command(flatten)]
    output: Output,
}

/// Delete old events of the trail; in PostgreSQL, only the owner of the tables may do it
#[derive(clap::Args)]
pub(crate) struct Prune {
    /// Delete events from before then: a duration ago such as `400d`, a time such as
    /// `2027-01-31T12:00:00Z`, or a day
    #[arg(long, value_name = "DURATION|TIME", value_parser = past)]
    before: SystemTime,
    #[command(flatten)]
    acting: Acting,
    #[command(flatten)]
    asking: Asking,
}

pub(crate) async fn run(arguments: Args, auth: &Authenticator) -> Result<(), Failure> {
    let mut filter = TrailFilter::new().size(Paging::MAX_SIZE);
    if let Some(key) = arguments.key {
        filter = filter.key(key);
    }
    if let Some(actor) = arguments.actor {
        filter = filter.actor(actor);
    }
    if let Some(action) = arguments.action {
        filter = filter.action(action);
    }
    let all = filter.clone();
    if let Some(since) = arguments.since {
        filter = filter.since(since);
    }
    let maintenance = auth.maintenance();
    if !arguments.follow {
        let list = async |after| maintenance.trail(&filter.clone().after(after)).await;
        return print_list(arguments.output.json, events_table, |event| event, list).await;
    }
    let mut filter = match arguments.since {
        Some(_) => filter.oldest_first(),
        None => {
            let last = maintenance.trail(&all.clone().size(10)).await?.items;
            let before = last.last().map(|first| Cursor::Event(first.id - 1));
            all.oldest_first().after(before)
        }
    };
    let mut with_header = true;
    loop {
        let page = maintenance.trail(&filter).await?;
        if let Some(last) = page.items.last() {
            filter = filter.after(Cursor::Event(last.id));
            print(&match arguments.output.json {
                true => page.items.iter().map(json_line).collect::<Result<_, _>>()?,
                false => events_table(&page.items, std::mem::take(&mut with_header)),
            })?;
        }
        if page.next.is_none() {
            sleep(LOOK).await;
        }
    }
}

pub(crate) async fn prune(arguments: Prune, auth: &Authenticator) -> Result<(), Failure> {
    let before = shown(arguments.before);
    let question =
        format!("Delete all events of the trail from before {before}? This cannot be undone.");
    ask(arguments.asking, &question)?;
    let maintenance = auth.maintenance().acting_as(arguments.acting.name());
    let pruned = maintenance.prune(arguments.before).await?;
    note(&format!(
        "{pruned} events from before {before} are deleted\n"
    ));
    Ok(())
}

fn events_table(events: &[TrailEvent], with_header: bool) -> String {
    let header = with_header.then_some(["TIME", "ACTOR", "ACTION", "OF", "CHANGED"]);
    let rows = events.iter().map(|event| {
        let actor = match (&event.actor, &event.session_user) {
            (Some(actor), Some(role)) => format!("{actor} ({role})"),
            (None, Some(role)) => format!("({role})"),
            (actor, None) => actor.clone().unwrap_or_default(),
        };
        let of = [&event.key_name, &event.group, &event.user];
        let of = of.into_iter().flatten().next().cloned();
        [
            shown(event.at),
            actor,
            event.action.clone(),
            of.unwrap_or_default(),
            changed(&event.changed),
        ]
    });
    table(&Term::stdout(), header, rows)
}

/// `expires_at null -> "2027-01-31T00:00:00Z", groups +"shop"`
fn changed(changed: &Map<String, Value>) -> String {
    let fields = changed.iter().map(|(field, change)| {
        let part = |name| change.get(name).unwrap_or(&Value::Null);
        if change.get("to").is_some() {
            return match part("from") {
                Value::Null => format!("{field} {}", part("to")),
                from => format!("{field} {from} -> {}", part("to")),
            };
        }
        let mut text = field.clone();
        for (sign, list) in [("+", "added"), ("-", "removed"), ("ending ", "ending")] {
            match part(list) {
                Value::Array(values) => {
                    for value in values {
                        text += &format!(" {sign}{value}");
                    }
                }
                Value::Null => {}
                value => text += &format!(" {sign}{value}"),
            }
        }
        text
    });
    fields.collect::<Vec<_>>().join(", ")
}

//! Requests a second over real sockets, bare and guarded: `cargo bench -p tests --bench throughput`.
//!
//! The servers are processes that share one core, and the clients have another: 32 connections, each
//! with a different key and one request under way. All servers are measured in turn, in short slices, by
//! the clock. If memory answers, the CPU time of the server is measured, too: clients and other machines
//! on the same host have little influence on it.

#[path = "../../auth-api-key/benches/common/mod.rs"]
mod common;

use std::{
    process::{self, Command},
    time::Duration,
};

use auth_api_key::{Authenticator, NewKey};
use common::{Contender, compare, time};
use tests::{
    Client,
    cluster::{Node, Shared},
};
use tokio::runtime::Runtime;

const CONNECTIONS: usize = 32;

fn main() {
    // Before this process has another thread.
    let mut taskset = Command::new("taskset");
    taskset.args(["-p", "-c", "1", &process::id().to_string()]);
    let pinned = taskset.output().is_ok_and(|output| output.status.success());
    let before: &[&str] = match pinned {
        true => &["taskset", "-c", "0"],
        false => {
            println!("no core 1, or no `taskset`: servers and clients share all cores");
            &[]
        }
    };
    let runtime = Runtime::new().expect("a runtime starts");
    let databases = runtime.block_on(async {
        let databases = [Some(Shared::file()), Shared::server().await];
        for shared in databases.iter().flatten() {
            let auth = Authenticator::connect(&shared.url())
                .await
                .expect("it opens");
            let key =
                |number| NewKey::new(format!("key-{number}"), "user").text(format!("key-{number}"));
            auth.keys()
                .create_all((0..CONNECTIONS).map(key))
                .await
                .expect("new names");
        }
        databases
    });
    let program = env!("CARGO_BIN_EXE_node");
    let node = |shared: &Shared, capacity| Node::start(before, program, &shared.url(), capacity);
    let [file, server] = &databases;
    let file = file.as_ref().expect("a file can always be made");
    let warm = node(file, 1000);
    let asking_file = node(file, 0);
    let asking_server = server.as_ref().map(|server| node(server, 0));
    let mut measured = vec![
        ("bare handler", &warm, "/bare"),
        ("empty from_fn", &warm, "/empty"),
        ("guarded, keys cached", &warm, "/guarded"),
        ("guarded, one query each, SQLite", &asking_file, "/guarded"),
    ];
    if let Some(node) = &asking_server {
        measured.push(("guarded, one query each, PostgreSQL", node, "/guarded"));
    }
    let requests = |node: &Node, path| {
        let client = |number| Client::new(node.address, path, &format!("key-{number}"));
        let mut clients: Vec<Client> = (0..CONNECTIONS).map(client).collect();
        move |times| {
            time(times / CONNECTIONS, || {
                clients.iter_mut().for_each(Client::send);
                for client in &mut clients {
                    assert_eq!(client.receive(), 200);
                }
            })
        }
    };
    let report = |title, contenders: Vec<Contender<'_>>| {
        let ratios = compare(title, 60, 100 * CONNECTIONS, |_| Duration::ZERO, contenders);
        println!("requests a second, bare = 1");
        for ((name, ..), ratio) in measured.iter().zip(ratios) {
            println!("  {name:42} {:5.3}", ratio.recip());
        }
    };
    let of_the_core = measured.iter().take(3).map(|(name, node, path)| {
        let mut requests = requests(node, path);
        Contender::new(*name, move |times| {
            let before = node.on_cpu();
            requests(times);
            node.on_cpu() - before
        })
    });
    report(
        "a request over a socket, of the server's core",
        of_the_core.collect(),
    );
    let by_the_clock = measured
        .iter()
        .map(|(name, node, path)| Contender::new(*name, requests(node, path)));
    report(
        "a request over a socket, by the clock",
        by_the_clock.collect(),
    );
}

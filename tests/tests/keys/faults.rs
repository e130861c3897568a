//! What happens to requests when the store is killed, cut off, locked or silent: warm keys go on,
//! cold ones get 503, no handler runs that should not, and nothing is left behind.
//!
//! `cargo test -p tests --test keys faults -- --nocapture --test-threads 1` prints how long each
//! recovery took.

use std::{
    collections::BTreeMap,
    fs,
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    time::{Duration, Instant, SystemTime},
};

use auth_api_key::{
    Authenticator, NewKey,
    store::{Lookup, PostgresStore, SqliteStore},
};
use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection};
use tests::{
    Client, Counted, GatedStore, Server, Wire,
    postgres::{Database, OwnServer, execute, signal},
    sqlite::{self, File},
    until,
};
use tokio::{runtime::Handle, sync::watch, task::JoinHandle, time::timeout};

/// Long past anything that is waited for.
const DEADLINE: Duration = Duration::from_secs(30);

/// A node behind a socket, with the keys `warm`, which is in use, and `cold`.
struct Service {
    auth: Authenticator,
    store: GatedStore,
    /// How many requests beside the traffic were admitted.
    admitted: AtomicUsize,
    service: Counted,
    warm: Traffic,
    /// Texts that are not keys, each of them new: 401 if the store can be asked.
    unknown: Traffic,
}

impl Service {
    async fn start(store: GatedStore, bound: Duration) -> Self {
        // By another one: what is announced of a node's own keys has it forget them, some time later.
        let owner = Authenticator::builder().build(store.clone()).await.unwrap();
        for name in ["warm", "cold"] {
            let key = NewKey::new(name, "user").text(name);
            owner.keys().create(key).await.unwrap();
        }
        drop(owner);
        let builder = Authenticator::builder().confirm_within(bound);
        let auth = builder.build(store.clone()).await.unwrap();
        let service = Counted::start(auth.clone()).await;
        let warm = Traffic::start(&service.server, 1, |_| "warm".to_owned());
        // More than the store has connections.
        let unknown = Traffic::start(&service.server, 8, |number| format!("unknown-{number}"));
        warm.until(200).await;
        unknown.until(401).await;
        Self {
            auth,
            store,
            admitted: AtomicUsize::new(0),
            service,
            warm,
            unknown,
        }
    }

    async fn over_postgres(url: &str, bound: Duration) -> Self {
        let store = PostgresStore::open(url).await.unwrap();
        Self::start(GatedStore::over(store), bound).await
    }

    /// One request.
    async fn status(&self, key: &'static str) -> u16 {
        let address = self.service.server.address();
        let asked =
            tokio::task::spawn_blocking(move || Client::new(address, "/count", key).status());
        let status = asked.await.unwrap();
        self.admitted
            .fetch_add(usize::from(status == 200), Ordering::SeqCst);
        status
    }

    /// Waits until requests for what is not cached are answered again, and prints how long it took.
    async fn until_recovered(&self, fault: &str) {
        let start = Instant::now();
        self.unknown.until(401).await;
        println!("{fault}: recovered after {:?}", start.elapsed());
        assert_eq!(self.status("cold").await, 200);
    }

    /// Waits until a change that is made by hand takes effect, and ends the traffic. Gives the answers to the
    /// warm key, and those to unknown ones.
    async fn end(self, change: impl AsyncFnOnce()) -> [Answers; 2] {
        change().await;
        self.warm.until(401).await;
        let [warm, unknown] = [self.warm.stop().await, self.unknown.stop().await];
        let admitted = warm[&200] + self.admitted.load(Ordering::SeqCst);
        assert_eq!(self.service.handled(), admitted);
        assert!(!unknown.contains_key(&200), "{unknown:?}");
        [warm, unknown]
    }
}

/// How many answers there were of each status; 0 is a server that is gone.
type Answers = BTreeMap<u16, usize>;

/// Clients that send one request after another.
struct Traffic {
    answers: Arc<watch::Sender<Answers>>,
    stopped: Arc<AtomicBool>,
    clients: Vec<JoinHandle<()>>,
}

impl Traffic {
    fn start(server: &Server, clients: usize, text: fn(usize) -> String) -> Self {
        let answers = Arc::new(watch::Sender::new(Answers::new()));
        let stopped = Arc::<AtomicBool>::default();
        let sent = Arc::<AtomicUsize>::default();
        let clients = (0..clients).map(|_| {
            let (answers, stopped) = (Arc::clone(&answers), Arc::clone(&stopped));
            let (sent, address) = (Arc::clone(&sent), server.address());
            tokio::task::spawn_blocking(move || {
                let mut client = Client::new(address, "/count", "");
                while !stopped.load(Ordering::SeqCst) {
                    client.set_key(&text(sent.fetch_add(1, Ordering::SeqCst)));
                    let Ok(status) = client.try_status() else {
                        return answers.send_modify(|answers| *answers.entry(0).or_default() += 1);
                    };
                    answers.send_modify(|answers| *answers.entry(status).or_default() += 1);
                    // Others want the processor, too.
                    std::thread::sleep(Duration::from_micros(500));
                }
            })
        });
        Self {
            clients: clients.collect(),
            answers,
            stopped,
        }
    }

    /// Waits for an answer of this status to a request that is sent from now on.
    async fn until(&self, status: u16) {
        // Each client may have been answered already.
        self.until_more(status, self.clients.len() + 1).await;
    }

    /// Waits for so many more answers of this status.
    async fn until_more(&self, status: u16, more: usize) {
        let mut answers = self.answers.subscribe();
        let of_status = |answers: &Answers| answers.get(&status).copied().unwrap_or_default();
        let enough = of_status(&answers.borrow()) + more;
        let answered = answers.wait_for(|answers| of_status(answers) >= enough);
        if timeout(DEADLINE, answered).await.is_err() {
            panic!("no {status} yet: {:?}", *self.answers.borrow());
        }
    }

    async fn stop(mut self) -> Answers {
        self.stopped.store(true, Ordering::SeqCst);
        for client in self.clients.drain(..) {
            client.await.unwrap();
        }
        self.answers.borrow().clone()
    }
}

impl Drop for Traffic {
    fn drop(&mut self) {
        // If a test failed before it stopped its clients.
        self.stopped.store(true, Ordering::SeqCst);
    }
}

/// The processes that serve a node's connections to a database.
async fn backends(url: &str, condition: &str) -> Vec<String> {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let backends = format!(
        "SELECT pid::text FROM pg_stat_activity WHERE application_name = 'auth-api-key'
         AND datname = current_database() AND {condition}"
    );
    let pids = sqlx::query_scalar(AssertSqlSafe(backends));
    pids.fetch_all(&mut connection).await.unwrap()
}

const LOOK_UPS: usize = 4;
/// Look-ups, changes, lists, and the watch.
const CONNECTIONS: usize = LOOK_UPS + 1 + 1 + 1;

const ARCHIVE: &str = "UPDATE api_key SET active = FALSE WHERE name = 'warm'";
const CUT: &str = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
     WHERE application_name = 'auth-api-key' AND datname = current_database()";
/// The connection that listens has another last query than the others.
const LISTENS: &str = "(query LIKE 'LISTEN%' OR query LIKE 'WITH functions%')";

/// Waits until the connections and tasks of a service are those that it began with.
async fn until_nothing_is_left(url: &str, tasks: usize) {
    let few = async || backends(url, "true").await.len() <= CONNECTIONS;
    until(few, true, "the recovery: no more connections than before").await;
    until_no_more_tasks(tasks).await;
}

async fn until_no_more_tasks(before: usize) {
    let few = async || tasks() <= before;
    until(few, true, "the recovery: no more tasks than before").await;
}

fn tasks() -> usize {
    Handle::current().metrics().num_alive_tasks()
}

const LONG: Duration = Duration::from_secs(60);

#[tokio::test(flavor = "multi_thread")]
async fn known_keys_work_while_the_server_is_killed_and_it_is_used_again_when_it_is_back() {
    let Some(server) = OwnServer::start().await else {
        return;
    };
    let url = server.url();
    let service = Service::over_postgres(&url, LONG).await;
    let before = tasks();
    server.kill();
    service.unknown.until(503).await;
    assert_eq!(service.status("cold").await, 503);
    service.warm.until(200).await;
    server.start_again().await;
    service.until_recovered("server killed").await;
    until_nothing_is_left(&url, before).await;
    let [warm, _] = service.end(async || execute(&url, ARCHIVE).await).await;
    assert!(warm.keys().eq(&[200, 401]), "{warm:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn known_keys_are_refused_when_the_bound_is_over_and_until_the_server_is_back() {
    let Some(server) = OwnServer::start().await else {
        return;
    };
    let url = server.url();
    let service = Service::over_postgres(&url, Duration::from_secs(1)).await;
    server.kill();
    service.warm.until(503).await;
    server.start_again().await;
    let start = Instant::now();
    service.warm.until(200).await;
    println!("bound over: recovered after {:?}", start.elapsed());
    let [warm, _] = service.end(async || execute(&url, ARCHIVE).await).await;
    assert!(warm.keys().eq(&[200, 401, 503]), "{warm:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn cut_connections_are_made_again() {
    let Some(database) = Database::new().await else {
        return;
    };
    let url = database.url();
    let service = Service::over_postgres(&url, LONG).await;
    let before = tasks();
    for _ in 0..10 {
        execute(&url, CUT).await;
        service.until_recovered("connections cut").await;
    }
    until_nothing_is_left(&url, before).await;
    let [warm, _] = service.end(async || execute(&url, ARCHIVE).await).await;
    // A look-up that is under way is cut with its connection.
    assert!(!warm.contains_key(&0), "{warm:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn lost_listener_is_noticed_and_what_it_missed_takes_effect() {
    let Some(database) = Database::new().await else {
        return;
    };
    let url = database.url();
    let service = Service::over_postgres(&url, LONG).await;
    let before = tasks();
    let mut listening = Vec::new();
    let listens = async || {
        listening = backends(&url, LISTENS).await;
        listening.len()
    };
    until(listens, 1, "the watch began").await;
    let watched = service.store.until_watched_again(1);
    let cut = format!("SELECT pg_terminate_backend({})", listening[0]);
    let (cut, ()) = tokio::join!(
        async {
            database.execute(&cut).await;
            // Nobody hears of this one.
            database.execute(ARCHIVE).await;
        },
        async { timeout(DEADLINE, watched).await.unwrap() },
    );
    let () = cut;
    let start = Instant::now();
    service.warm.until(401).await;
    println!("listener cut: change heeded after {:?}", start.elapsed());
    until_nothing_is_left(&url, before).await;
    let [warm, unknown] = service.end(async || {}).await;
    assert!(warm.keys().eq(&[200, 401]), "{warm:?}");
    assert!(unknown.keys().eq(&[401]), "{unknown:?}");
}

/// Lets a service run while something makes its store hang, which gives what ends that.
async fn hanging<E: AsyncFnOnce()>(
    url: &str,
    fault: &str,
    refused: bool,
    hang: impl AsyncFnOnce() -> E,
) {
    let service = Service::over_postgres(url, LONG).await;
    let before = tasks();
    let end = hang().await;
    // Before the first of those that wait is answered, many are who need not wait.
    let waiting = service.status("no key");
    let hits = async {
        for _ in 0..100 {
            service.warm.until(200).await;
        }
    };
    tokio::select! {
        biased;
        () = hits => {}
        status = waiting => panic!("{status} without the store, or hits wait for it"),
    }
    if refused {
        service.unknown.until_more(503, 1).await;
    }
    end().await;
    service.until_recovered(fault).await;
    until_nothing_is_left(url, before).await;
    let [warm, _] = service.end(async || execute(url, ARCHIVE).await).await;
    assert!(warm.keys().eq(&[200, 401]), "{warm:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn locked_table_delays_no_hit() {
    let Some(database) = Database::new().await else {
        return;
    };
    let url = database.url();
    hanging(&url, "table locked", true, async || {
        let mut locker = PgConnection::connect(&url).await.unwrap();
        let lock = "BEGIN; LOCK TABLE api_key IN ACCESS EXCLUSIVE MODE";
        locker.execute(lock).await.unwrap();
        async move || locker.close().await.unwrap()
    })
    .await;
}

/// Processes that go on when it is dropped.
struct Stopped(Vec<String>);

impl Drop for Stopped {
    fn drop(&mut self) {
        signal("CONT", &self.0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn stopped_server_processes_delay_no_hit() {
    let Some(database) = Database::new().await else {
        return;
    };
    let url = database.url();
    // Look-ups may have gone on over new connections.
    hanging(&url, "processes stopped", false, async || {
        let stopped = Stopped(backends(&url, "true").await);
        signal("STOP", &stopped.0);
        async move || drop(stopped)
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn watch_that_cannot_begin_leaves_no_connections_behind() {
    let Some(database) = Database::new().await else {
        return;
    };
    let url = database.url();
    let service = Service::over_postgres(&url, Duration::from_millis(400)).await;
    let before = tasks();
    let mut locker = PgConnection::connect(&url).await.unwrap();
    let lock = "BEGIN; LOCK TABLE api_key_generation IN ACCESS EXCLUSIVE MODE";
    locker.execute(lock).await.unwrap();
    timeout(DEADLINE, service.store.until_watched_again(15))
        .await
        .unwrap();
    until_nothing_is_left(&url, before).await;
    locker.close().await.unwrap();
    let [warm, unknown] = service.end(async || execute(&url, ARCHIVE).await).await;
    assert!(warm.keys().eq(&[200, 401]), "{warm:?}");
    assert!(unknown.keys().eq(&[401]), "{unknown:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn connections_that_fall_silent_are_given_up() {
    let Some(database) = Database::new().await else {
        return;
    };
    let (wire, url) = Wire::to_database(&database).await;
    let service = Service::over_postgres(&url, Duration::from_secs(20)).await;
    // All connections are in use, with a question that is not answered.
    let mut locker = PgConnection::connect(&database.url()).await.unwrap();
    let lock = "BEGIN; LOCK TABLE api_key_use IN SHARE MODE";
    locker.execute(lock).await.unwrap();
    assert_eq!(service.status("cold").await, 200);
    let lock = "LOCK TABLE api_key IN ACCESS EXCLUSIVE MODE";
    locker.execute(lock).await.unwrap();
    let waiting = async || backends(&database.url(), "wait_event_type = 'Lock'").await;
    let waiting = async || waiting().await.len();
    until(waiting, LOOK_UPS + 1, "the table was locked").await;
    wire.silence();
    locker.close().await.unwrap();
    service.unknown.until(503).await;
    service.warm.until(200).await;
    wire.restore();
    service.until_recovered("connections silent").await;
    service.auth.flush().await;
    service.auth.keys().archive("cold").await.unwrap();
    let [warm, _] = service.end(async || database.execute(ARCHIVE).await).await;
    assert!(warm.keys().eq(&[200, 401]), "{warm:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn last_uses_are_written_even_if_one_of_their_keys_is_deleted_meanwhile() {
    let Some(database) = Database::new().await else {
        return;
    };
    let url = database.url();
    let auth = Authenticator::connect(&url).await.unwrap();
    for name in ["deleted", "kept"] {
        let key = NewKey::new(name, "user").text(name);
        auth.keys().create(key).await.unwrap();
    }
    let kept = auth.keys().get("kept").await.unwrap().unwrap().id;
    let mut deleter = PgConnection::connect(&url).await.unwrap();
    let delete = "BEGIN; DELETE FROM api_key WHERE name = 'deleted'";
    deleter.execute(delete).await.unwrap();
    let store = PostgresStore::open(&url).await.unwrap();
    let writing = tokio::spawn(async move {
        let now = SystemTime::now();
        store.record_uses(&[(kept - 1, now), (kept, now)]).await
    });
    let waiting = async || backends(&url, "wait_event_type = 'Lock'").await.len();
    until(waiting, 1, "the deletion").await;
    deleter.execute("COMMIT").await.unwrap();
    writing.await.unwrap().unwrap();
    let kept = auth.keys().get("kept").await.unwrap().unwrap();
    assert!(kept.last_used_at.is_some());
}

#[tokio::test(flavor = "multi_thread")]
async fn file_that_another_process_writes_is_still_read() {
    let file = File::temporary();
    let store = GatedStore::over(SqliteStore::open(&file.url()).await.unwrap());
    let service = Service::start(store, LONG).await;
    let mut writer = file.connection().await;
    writer.execute("BEGIN EXCLUSIVE").await.unwrap();
    service.unknown.until(401).await;
    assert_eq!(service.status("cold").await, 200);
    writer.execute(ARCHIVE).await.unwrap();
    service.warm.until(200).await;
    let commit = async || {
        writer.execute("COMMIT").await.unwrap();
    };
    let [warm, unknown] = service.end(commit).await;
    assert!(warm.keys().eq(&[200, 401]), "{warm:?}");
    assert!(unknown.keys().eq(&[401]), "{unknown:?}");
}

/// A node over a file, and a changed copy of the file beside it.
async fn over_file(file: &File, change: &str) -> (Service, PathBuf) {
    let store = GatedStore::over(SqliteStore::open(&file.url()).await.unwrap());
    let service = Service::start(store, LONG).await;
    let backup = file.folder().join("backup.db");
    file.execute(&format!("VACUUM INTO '{}'", backup.display()))
        .await;
    sqlite::execute(&backup, change).await;
    (service, backup)
}

#[tokio::test(flavor = "multi_thread")]
async fn file_that_is_restored_by_renaming_refuses_what_was_revoked_in_it() {
    let file = File::temporary();
    let (service, backup) = over_file(&file, ARCHIVE).await;
    let before = tasks();
    fs::rename(backup, file.path()).unwrap();
    service.warm.until(401).await;
    service.until_recovered("file replaced").await;
    until_no_more_tasks(before).await;
    let [warm, unknown] = service.end(async || {}).await;
    for status in warm.keys().chain(unknown.keys()) {
        assert!([200, 401, 503].contains(status), "{warm:?} {unknown:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn removed_file_stops_everybody_until_it_is_back() {
    let file = File::temporary();
    let (service, backup) = over_file(&file, "SELECT 1").await;
    fs::remove_file(file.path()).unwrap();
    service.warm.until(503).await;
    service.unknown.until(503).await;
    assert_eq!(service.status("cold").await, 503);
    assert!(!file.path().exists());
    fs::rename(backup, file.path()).unwrap();
    service.warm.until(200).await;
    service.until_recovered("file removed").await;
    let archive = async || file.execute(ARCHIVE).await;
    let [warm, unknown] = service.end(archive).await;
    assert!(warm.keys().eq(&[200, 401, 503]), "{warm:?}");
    assert!(unknown.keys().eq(&[401, 503]), "{unknown:?}");
}

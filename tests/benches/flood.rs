//! What a flood of wrong keys does to right keys, over a database that is 2 ms away:
//! `cargo bench -p tests --bench flood`, and with `-- 20` for 20 seconds instead of three minutes.
//!
//! Each second, 1,000 requests with unknown texts that look like issued keys come in over 1,500
//! connections, without waiting for answers. Meanwhile other clients send keys in use, and once a second
//! a valid key that the node does not know. The clients, the wire to the database and the node are
//! separate processes. After that, callers in this process verify wrong texts, many at a time.

use std::{
    collections::BTreeMap,
    env,
    io::{BufRead, BufReader, Write},
    net::{Ipv4Addr, SocketAddr},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use auth_api_key::{Authenticator, NewKey, Reason};
use sqlx::{Connection, PgConnection};
use tests::{Client, cluster::Node, flood::resident, postgres::Database};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::mpsc,
    time::{sleep, sleep_until},
};

const SECONDS: u64 = 180;
const CONNECTIONS: usize = 1_500;
const PAUSE: Duration = Duration::from_millis(1);
const USED: usize = 100;
const DELAY: Duration = Duration::from_millis(2);
/// How long each number of callers verifies wrong texts.
const MEASURED: Duration = Duration::from_secs(10);

#[tokio::main]
async fn main() {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["wire", server] => wire(server.parse().unwrap()).await,
        ["clients", address, seconds] => {
            clients(address.parse().unwrap(), seconds.parse().unwrap()).await;
        }
        // `cargo bench` adds `--bench`.
        [ref given @ .., "--bench"] => {
            let seconds = given
                .first()
                .map_or(SECONDS, |seconds| seconds.parse().unwrap());
            measure(seconds).await;
        }
        _ => panic!("write `cargo bench -p tests --bench flood [-- SECONDS]`"),
    }
}

/// A process of this program. It ends when the value is dropped.
struct Part(Child);

impl Part {
    fn start(arguments: &[&str]) -> Self {
        let mut command = Command::new(env::current_exe().unwrap());
        command.args(arguments).stdin(Stdio::piped());
        Self(command.stdout(Stdio::piped()).spawn().unwrap())
    }

    fn stdin(&mut self) -> ChildStdin {
        self.0.stdin.take().unwrap()
    }

    fn lines(&mut self) -> impl Iterator<Item = String> {
        let lines = BufReader::new(self.0.stdout.take().unwrap()).lines();
        lines.map(Result::unwrap)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

async fn measure(seconds: u64) {
    let Some(database) = Database::new().await else {
        return;
    };
    let count = USED + seconds as usize;
    let direct = Authenticator::connect(&database.url()).await.unwrap();
    let keys = issued(&direct, 0..count).await;
    drop(direct);
    let port = database.port();
    let mut wire = Part::start(&["wire", &format!("127.0.0.1:{port}")]);
    let address = wire.lines().next().unwrap();
    let url = database
        .url()
        .replace(&format!("localhost:{port}/"), &format!("{address}/"));

    let mut observer = PgConnection::connect(&database.url()).await.unwrap();
    let before = sessions(&mut observer).await;
    let node = Node::start(&[], env!("CARGO_BIN_EXE_node"), &url, 100_000);
    let mut clients = Part::start(&["clients", &node.address.to_string(), &seconds.to_string()]);
    let mut stdin = clients.stdin();
    for key in &keys {
        writeln!(stdin, "{key}").unwrap();
    }
    drop(stdin);
    println!("{seconds} s of 1,000 wrong keys a second over {CONNECTIONS} connections:");
    for line in clients.lines() {
        println!("  {line}");
    }
    drop(node);
    println!(
        "  sessions opened: {}",
        sessions(&mut observer).await - before
    );

    let auth = Authenticator::connect(&url).await.unwrap();
    let mut rates = Vec::new();
    for callers in [64, 4_000, 20_000] {
        let rate = answers(&auth, callers).await;
        rates.push(rate);
        println!(
            "{callers} callers at a time: {rate:.0} answers of the database a second, {:.2} of the \
             first; {} MiB",
            rate / rates[0],
            resident() / 1024
        );
    }
}

/// The texts of new keys.
async fn issued(auth: &Authenticator, numbers: std::ops::Range<usize>) -> Vec<String> {
    let keys = numbers.map(|number| NewKey::new(format!("key-{number}"), "user"));
    let created = auth.keys().create_all(keys).await.unwrap();
    let texts = created.iter().map(|created| created.secret.expose());
    texts.map(str::to_owned).collect()
}

/// How many sessions the database has had.
async fn sessions(observer: &mut PgConnection) -> i64 {
    // The server shows its counts a moment later.
    sleep(Duration::from_secs(2)).await;
    let count = "SELECT sessions FROM pg_stat_database WHERE datname = current_database()";
    sqlx::query_scalar(count).fetch_one(observer).await.unwrap()
}

/// How many look-ups a second the database answers, if this many callers verify unknown texts at a time.
async fn answers(auth: &Authenticator, callers: usize) -> f64 {
    static NEXT: AtomicUsize = AtomicUsize::new(0);
    let answered = Arc::<AtomicUsize>::default();
    let start = Instant::now();
    let asking = (0..callers).map(|_| {
        let (auth, answered) = (auth.clone(), Arc::clone(&answered));
        tokio::spawn(async move {
            while start.elapsed() < MEASURED {
                let text = format!("nobody-{}", NEXT.fetch_add(1, Ordering::Relaxed));
                match auth.verify(text, &[], None).await {
                    Err(Reason::UnknownKey) => {
                        answered.fetch_add(1, Ordering::Relaxed);
                    }
                    Err(Reason::Unavailable) => sleep(Duration::from_secs(1)).await,
                    other => panic!("{other:?}"),
                }
            }
        })
    });
    let asking: Vec<_> = asking.collect();
    sleep(MEASURED).await;
    let answered = answered.load(Ordering::Relaxed);
    for asking in asking {
        asking.await.unwrap();
    }
    answered as f64 / MEASURED.as_secs_f64()
}

/// Forwards connections to the server, and its answers 2 ms late.
async fn wire(server: SocketAddr) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    println!("{}", listener.local_addr().unwrap());
    loop {
        let (near, _) = listener.accept().await.unwrap();
        let far = TcpStream::connect(server).await.unwrap();
        for stream in [&near, &far] {
            stream.set_nodelay(true).unwrap();
        }
        let (from_near, to_near) = near.into_split();
        let (from_far, to_far) = far.into_split();
        tokio::spawn(pass_on(from_near, to_far, Duration::ZERO));
        tokio::spawn(pass_on(from_far, to_near, DELAY));
    }
}

async fn pass_on(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, delay: Duration) {
    let (late, mut on_time) = mpsc::unbounded_channel::<(tokio::time::Instant, Vec<u8>)>();
    tokio::spawn(async move {
        while let Some((due, bytes)) = on_time.recv().await {
            sleep_until(due).await;
            if to.write_all(&bytes).await.is_err() {
                return;
            }
        }
    });
    loop {
        let mut bytes = Vec::with_capacity(65_536);
        match from.read_buf(&mut bytes).await {
            Ok(1..)
                if late
                    .send((tokio::time::Instant::now() + delay, bytes))
                    .is_ok() => {}
            _ => return,
        }
    }
}

type Statuses = BTreeMap<u16, usize>;

async fn clients(address: SocketAddr, seconds: u64) {
    let keys: Vec<String> = std::io::stdin().lines().map(Result::unwrap).collect();
    let (used, cold) = keys.split_at(USED);
    // Texts of the same form that the node does not know.
    let elsewhere = Authenticator::for_tests();
    let total = 1_000 * seconds as usize;
    let wrong = issued(&elsewhere, 0..total).await;
    drop(elsewhere);
    let end = Instant::now() + Duration::from_secs(seconds);
    let used = used.to_vec();
    let using = std::thread::spawn(move || {
        one_by_one(address, &used, end, Duration::from_millis(10), true)
    });
    let cold = cold.to_vec();
    let asking_cold =
        std::thread::spawn(move || one_by_one(address, &cold, end, Duration::from_secs(1), false));
    let flooding = flood(address, wrong, end).await;
    print("wrong keys", &flooding, Vec::new());
    for (name, asking) in [("keys in use", using), ("cold keys", asking_cold)] {
        let (statuses, times) = asking.join().unwrap();
        print(name, &statuses, times);
    }
}

fn print(name: &str, statuses: &Statuses, mut times: Vec<Duration>) {
    times.sort_unstable();
    let at = |share: f64| times.get(((times.len() as f64 * share) as usize).min(times.len() - 1));
    match times.is_empty() {
        true => println!("{name}: {statuses:?}"),
        false => println!(
            "{name}: {statuses:?}, median {:?}, p99 {:?}, longest {:?}",
            at(0.5).unwrap(),
            at(0.99).unwrap(),
            times[times.len() - 1]
        ),
    }
}

/// Sends each key in turn, waits for the answer, and notes how long it takes.
fn one_by_one(
    address: SocketAddr,
    keys: &[String],
    end: Instant,
    pause: Duration,
    again: bool,
) -> (Statuses, Vec<Duration>) {
    let (mut statuses, mut times) = (Statuses::new(), Vec::new());
    let mut client = Client::new(address, "/guarded", &keys[0]);
    let mut next = keys
        .iter()
        .cycle()
        .take(if again { usize::MAX } else { keys.len() });
    let mut due = Instant::now();
    while let Some(key) = next.next()
        && due < end
    {
        std::thread::sleep(due.saturating_duration_since(Instant::now()));
        client.set_key(key);
        let start = Instant::now();
        *statuses.entry(client.status()).or_default() += 1;
        times.push(start.elapsed());
        due += pause;
    }
    (statuses, times)
}

/// Sends requests at a steady rate, over each connection in turn.
async fn flood(address: SocketAddr, texts: Vec<String>, end: Instant) -> Statuses {
    let mut connections = Vec::with_capacity(CONNECTIONS);
    let mut readers = Vec::with_capacity(CONNECTIONS);
    for _ in 0..CONNECTIONS {
        let stream = TcpStream::connect(address).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let (from, to) = stream.into_split();
        readers.push(tokio::spawn(statuses(from)));
        connections.push(to);
    }
    let mut ticks = tokio::time::interval(PAUSE);
    let mut sent = 0;
    for (number, text) in texts.iter().enumerate() {
        if Instant::now() > end {
            break;
        }
        ticks.tick().await;
        let request = format!("GET /guarded HTTP/1.1\r\nHost: x\r\nAPI-KEY: {text}\r\n\r\n");
        let to = &mut connections[number % CONNECTIONS];
        to.write_all(request.as_bytes()).await.unwrap();
        sent += 1;
    }
    // Wait for the last answers.
    sleep(Duration::from_secs(4)).await;
    drop(connections);
    let mut all = Statuses::new();
    for reader in readers {
        for (status, count) in reader.await.unwrap() {
            *all.entry(status).or_default() += count;
        }
    }
    all.insert(0, sent - all.values().sum::<usize>());
    all
}

/// The statuses of all answers on a connection.
async fn statuses(mut from: OwnedReadHalf) -> Statuses {
    let mut statuses = Statuses::new();
    let mut received = Vec::new();
    while matches!(from.read_buf(&mut received).await, Ok(1..)) {
        loop {
            let mut headers = [httparse::EMPTY_HEADER; 32];
            let mut response = httparse::Response::new(&mut headers);
            let Ok(httparse::Status::Complete(head)) = response.parse(&received) else {
                break;
            };
            let length = response
                .headers
                .iter()
                .find(|header| header.name.eq_ignore_ascii_case("content-length"));
            let length = std::str::from_utf8(length.unwrap().value).unwrap();
            let whole = head + length.parse::<usize>().unwrap();
            if received.len() < whole {
                break;
            }
            *statuses.entry(response.code.unwrap()).or_default() += 1;
            received.drain(..whole);
        }
    }
    statuses
}

//! An address that can be switched from one PostgreSQL server to another, as with a pooler or a DNS name.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::postgres::OwnServer;

/// It forwards until it is dropped.
pub struct Address {
    address: SocketAddr,
    moved: Arc<AtomicBool>,
    connections: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Address {
    /// An address that leads to the first of two servers, and after [`move_on`](Self::move_on) to the
    /// second. If `pooled`, connections that were made before also lead to the second.
    pub async fn of(servers: [&OwnServer; 2], pooled: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (moved, connections) = (Arc::<AtomicBool>::default(), Arc::<AtomicUsize>::default());
        let (leads, made) = (Arc::clone(&moved), Arc::clone(&connections));
        let servers = servers.map(|server| SocketAddr::from((Ipv4Addr::LOCALHOST, server.port())));
        let task = tokio::spawn(async move {
            let mut open = tokio::task::JoinSet::new();
            loop {
                let (near, _) = listener.accept().await.unwrap();
                made.fetch_add(1, Ordering::SeqCst);
                let leads = Arc::clone(&leads);
                open.spawn(async move {
                    let made_to = leads.load(Ordering::SeqCst);
                    let leads = || match pooled {
                        true => leads.load(Ordering::SeqCst),
                        false => made_to,
                    };
                    let _ = pass_on(near, servers, leads).await;
                });
            }
        });
        Self {
            address,
            moved,
            connections,
            task,
        }
    }

    /// The URL of a server's database, over this address.
    pub fn url(&self, server: &OwnServer) -> String {
        let own = format!("localhost:{}/", server.port());
        server.url().replace(&own, &format!("{}/", self.address))
    }

    /// From now on the address leads to the second server.
    pub fn move_on(&self) {
        self.moved.store(true, Ordering::SeqCst);
    }

    /// How many connections were made.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for Address {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Sends each question to both servers, so that both have the same session. Passes on the answer of the
/// server to which the connection leads when the question comes.
async fn pass_on(
    mut near: TcpStream,
    servers: [SocketAddr; 2],
    to_second: impl Fn() -> bool,
) -> std::io::Result<()> {
    let mut far = [
        TcpStream::connect(servers[0]).await?,
        TcpStream::connect(servers[1]).await?,
    ];
    let mut question = vec![0; 65536];
    loop {
        let length = near.read(&mut question).await?;
        if length == 0 {
            return Ok(());
        }
        let leads = usize::from(to_second());
        for (number, far) in far.iter_mut().enumerate() {
            far.write_all(&question[..length]).await?;
            let answer = answer(far).await?;
            if number == leads {
                near.write_all(&answer).await?;
            }
        }
    }
}

/// Reads up to `ReadyForQuery`, or to the refusal of TLS.
async fn answer(server: &mut TcpStream) -> std::io::Result<Vec<u8>> {
    let mut answer = Vec::new();
    loop {
        if server.read_buf(&mut answer).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let ready = answer.len().checked_sub(6).map(|at| &answer[at..at + 5]);
        if answer == b"N" || ready == Some(b"Z\0\0\0\x05") {
            return Ok(answer);
        }
    }
}

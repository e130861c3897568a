//! A wire to a server. It can fall silent, as when a host vanishes: nothing is refused or closed.

use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, copy},
    net::{TcpListener, TcpStream},
    sync::watch,
    task::JoinHandle,
};

use crate::postgres::Database;

/// Forwards connections until it is silenced. It stops when it is dropped.
pub struct Wire {
    address: SocketAddr,
    /// How often it fell silent, and whether it forwards new connections.
    silenced: Arc<watch::Sender<(usize, bool)>>,
    /// How often something was sent to the server.
    sent: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Wire {
    async fn to(server: SocketAddr) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let silenced = Arc::new(watch::Sender::new((0, true)));
        let times = Arc::clone(&silenced);
        let sent = Arc::<AtomicUsize>::default();
        let count = Arc::clone(&sent);
        let task = tokio::spawn(async move {
            let mut open = tokio::task::JoinSet::new();
            loop {
                let (mut near, _) = listener.accept().await.unwrap();
                let (mut silenced, count) = (times.subscribe(), Arc::clone(&count));
                open.spawn(async move {
                    let (before, _) = *silenced.wait_for(|(_, passing)| *passing).await.unwrap();
                    let mut far = TcpStream::connect(server).await.unwrap();
                    let silence = async {
                        let _ = silenced.wait_for(|(times, _)| *times > before).await;
                    };
                    let (mut from_near, mut to_near) = near.split();
                    let (mut from_far, mut to_far) = far.split();
                    let there = async {
                        let mut sent = Vec::with_capacity(65536);
                        while from_near.read_buf(&mut sent).await? > 0 {
                            count.fetch_add(1, Ordering::SeqCst);
                            to_far.write_all(&sent).await?;
                            sent.clear();
                        }
                        to_far.shutdown().await
                    };
                    let back = async {
                        copy(&mut from_far, &mut to_near).await?;
                        to_near.shutdown().await
                    };
                    tokio::select! {
                        _ = async { tokio::try_join!(there, back) } => {}
                        // Neither end notices.
                        () = silence => std::future::pending().await,
                    }
                });
            }
        });
        Self {
            address,
            silenced,
            sent,
            task,
        }
    }

    /// A wire to a database, and the database's address over it.
    pub async fn to_database(database: &Database) -> (Self, String) {
        let port = database.port();
        let wire = Self::to((Ipv4Addr::LOCALHOST, port).into()).await;
        let over_wire = format!("127.0.0.1:{}/", wire.address.port());
        let url = database
            .url()
            .replace(&format!("localhost:{port}/"), &over_wire);
        (wire, url)
    }

    /// How often something was sent to the server, over all connections.
    pub fn sent(&self) -> usize {
        self.sent.load(Ordering::SeqCst)
    }

    /// From now on forwards nothing, neither of old connections nor of new ones.
    pub fn silence(&self) {
        self.silenced.send_modify(|(times, passing)| {
            *times += 1;
            *passing = false;
        });
    }

    /// Forwards new connections. Those from before stay silent.
    pub fn restore(&self) {
        self.silenced.send_modify(|(_, passing)| *passing = true);
    }
}

impl Drop for Wire {
    fn drop(&mut self) {
        self.task.abort();
    }
}

//! A router behind a real socket, and requests to it byte by byte.

use std::net::SocketAddr;

use axum::{Router, extract::connect_info::IntoMakeServiceWithConnectInfo};
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, ToSocketAddrs},
    task::JoinHandle,
};

/// A server on a free port. It stops when it is dropped.
pub struct Server {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Server {
    pub async fn start(app: Router) -> Self {
        let (listener, address) = listen().await;
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { address, task }
    }

    /// With `into_make_service_with_connect_info`.
    pub async fn start_knowing_addresses(app: Router) -> Self {
        let (listener, address) = listen().await;
        let app: IntoMakeServiceWithConnectInfo<_, SocketAddr> =
            app.into_make_service_with_connect_info();
        let task = tokio::spawn(async move { axum::serve(listener, app).await.unwrap() });
        Self { address, task }
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Sends a `GET` with the given header lines.
    pub async fn get(&self, path: &str, headers: &[&[u8]]) -> Answer {
        self.send("GET", path, headers, b"").await
    }

    /// As [`get`](Self::get), with the header `API-KEY`.
    pub async fn get_with_key(&self, path: &str, key: &str) -> Answer {
        self.get(path, &[format!("API-KEY: {key}").as_bytes()])
            .await
    }

    pub async fn send(&self, method: &str, path: &str, headers: &[&[u8]], body: &[u8]) -> Answer {
        send(self.address, method, path, headers, body).await
    }
}

/// Sends one request over a new connection.
pub async fn send(
    address: impl ToSocketAddrs,
    method: &str,
    path: &str,
    headers: &[&[u8]],
    body: &[u8],
) -> Answer {
    let mut request = format!("{method} {path} HTTP/1.1\r\nHost: x\r\n").into_bytes();
    for header in headers {
        request.extend_from_slice(header);
        request.extend_from_slice(b"\r\n");
    }
    let length = format!(
        "Content-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    request.extend_from_slice(length.as_bytes());
    request.extend_from_slice(body);
    let mut stream = TcpStream::connect(address).await.unwrap();
    // This may fail: a server that has refused the head of a request may not read the rest.
    let _ = stream.write_all(&request).await;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    Answer::parse(&answer)
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn listen() -> (TcpListener, SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// Names in lower case, without `date`.
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Answer {
    fn parse(bytes: &[u8]) -> Self {
        let mut headers = [httparse::EMPTY_HEADER; 32];
        let mut response = httparse::Response::new(&mut headers);
        let head = response.parse(bytes).unwrap().unwrap();
        let headers = response.headers.iter().map(|header| {
            let value = String::from_utf8(header.value.to_vec()).unwrap();
            (header.name.to_lowercase(), value)
        });
        Self {
            status: response.code.unwrap(),
            headers: headers.filter(|(name, _)| name != "date").collect(),
            body: String::from_utf8(bytes[head..].to_vec()).unwrap(),
        }
    }

    /// The values of a header, joined as HTTP allows.
    pub fn header(&self, name: &str) -> Option<String> {
        let named = self.headers.iter().filter(|(known, _)| known == name);
        named
            .map(|(_, value)| value.clone())
            .reduce(|all, value| format!("{all}, {value}"))
    }

    /// The `code` of a problem document.
    pub fn code(&self) -> String {
        let problem: Value = serde_json::from_str(&self.body).unwrap_or_else(|error| {
            panic!("no JSON ({error}): {self:?}");
        });
        assert_eq!(
            self.header("content-type").unwrap(),
            "application/problem+json"
        );
        assert_eq!(problem["status"], self.status);
        problem["code"].as_str().unwrap().to_owned()
    }
}

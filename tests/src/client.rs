//! Sends requests one after another over one connection, for loops that check every answer.

use std::{
    io::{self, Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

/// A connection that sends a request again and again.
pub struct Client {
    stream: TcpStream,
    path: String,
    request: Vec<u8>,
    received: Vec<u8>,
}

impl Client {
    /// A `GET` with the header `API-KEY`.
    pub fn new(address: SocketAddr, path: &str, key: &str) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        // If the server never answers, the test fails and does not hang.
        stream
            .set_read_timeout(Some(Duration::from_secs(60)))
            .unwrap();
        let mut client = Self {
            stream,
            path: path.to_owned(),
            request: Vec::new(),
            received: Vec::with_capacity(4096),
        };
        client.set_key(key);
        client
    }

    /// Sends another key from now on.
    pub fn set_key(&mut self, key: &str) {
        let path = &self.path;
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nAPI-KEY: {key}\r\n\r\n");
        self.request = request.into_bytes();
    }

    /// Sends the request, and waits for the status of the answer.
    pub fn status(&mut self) -> u16 {
        self.send();
        self.receive()
    }

    pub fn send(&mut self) {
        self.stream.write_all(&self.request).unwrap();
    }

    /// Waits for the status of the answer to what was sent.
    pub fn receive(&mut self) -> u16 {
        self.try_receive().unwrap()
    }

    /// As [`status`](Self::status), but an error if the server goes away.
    pub fn try_status(&mut self) -> io::Result<u16> {
        self.stream.write_all(&self.request)?;
        self.try_receive()
    }

    fn try_receive(&mut self) -> io::Result<u16> {
        self.received.clear();
        loop {
            let mut bytes = [0; 4096];
            match self.stream.read(&mut bytes)? {
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                count => self.received.extend_from_slice(&bytes[..count]),
            }
            let mut headers = [httparse::EMPTY_HEADER; 32];
            let mut response = httparse::Response::new(&mut headers);
            let parsed = response.parse(&self.received).map_err(io::Error::other)?;
            let httparse::Status::Complete(head) = parsed else {
                continue;
            };
            let status = response.code.unwrap();
            let length = response.headers.iter().find_map(|header| {
                let length = header.name.eq_ignore_ascii_case("content-length");
                length.then(|| std::str::from_utf8(header.value).unwrap().parse::<usize>())
            });
            if self.received.len() >= head + length.unwrap().unwrap() {
                assert!(
                    status != 503 || response.headers.iter().any(|h| h.name == "retry-after"),
                    "503 without Retry-After"
                );
                return Ok(status);
            }
        }
    }
}

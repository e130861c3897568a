//! Where a request comes from: the peer, or the address that your proxies name.

use std::net::{IpAddr, SocketAddr};

use axum::{
    extract::{ConnectInfo, connect_info::MockConnectInfo},
    http::{Extensions, HeaderMap},
};
use ipnet::IpNet;

use crate::key::network;

/// The peer's address, if the server finds it out. If the peer is one of the proxies, the last address
/// in `X-Forwarded-For` that is not a proxy: the caller wrote the addresses before it, and can write
/// anything. If proxies name nobody, the address is unknown: a request must not get the address of a
/// proxy, which may be in a network that is admitted.
pub(super) fn caller_address(
    headers: &HeaderMap,
    extensions: &Extensions,
    proxies: &[IpNet],
) -> Option<IpAddr> {
    // In the same order as axum's extractor.
    let served = extensions.get().map(|ConnectInfo::<SocketAddr>(peer)| peer);
    let mocked = || {
        extensions
            .get()
            .map(|MockConnectInfo::<SocketAddr>(peer)| peer)
    };
    let peer = served.or_else(mocked)?;
    let mut nearest = peer.ip();
    let lines = headers.get_all("x-forwarded-for").into_iter().rev();
    let mut forwarded = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    while network::hold(proxies, nearest) {
        nearest = address(forwarded.next()?)?;
    }
    Some(nearest.to_canonical())
}

/// `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1` or `[2001:db8::1]:80`.
fn address(entry: &[u8]) -> Option<IpAddr> {
    let text = str::from_utf8(entry.trim_ascii()).ok()?;
    let address = text.parse::<IpAddr>().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    address.or_else(with_port)
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn seen(peer: &str, forwarded: &[&str]) -> Option<String> {
        let peer: IpAddr = peer.parse().unwrap();
        let mut extensions = Extensions::new();
        extensions.insert(ConnectInfo(SocketAddr::new(peer, 1)));
        let mut headers = HeaderMap::new();
        for line in forwarded {
            headers.append("x-forwarded-for", HeaderValue::from_str(line).unwrap());
        }
        let proxies = ["10.0.0.0/8", "2001:db8:a::/48"].map(|network| network.parse().unwrap());
        caller_address(&headers, &extensions, &proxies).map(|address| address.to_string())
    }

    fn is(address: &str) -> Option<String> {
        Some(address.to_owned())
    }

    #[test]
    fn forwarded_header_of_a_stranger_is_ignored() {
        assert_eq!(seen("192.0.2.1", &["198.51.100.7"]), is("192.0.2.1"));
        assert_eq!(seen("::ffff:192.0.2.1", &[]), is("192.0.2.1"));
    }

    #[test]
    fn last_forwarded_address_that_is_not_a_proxy_counts() {
        assert_eq!(seen("10.0.0.1", &["198.51.100.7"]), is("198.51.100.7"));
        assert_eq!(
            seen("::ffff:10.0.0.1", &["198.51.100.7"]),
            is("198.51.100.7")
        );
        // The caller wrote the first address.
        let forged = ["10.9.9.9, 198.51.100.7, 10.0.0.2"];
        assert_eq!(seen("10.0.0.1", &forged), is("198.51.100.7"));
        let lines = ["192.0.2.9", "198.51.100.7 ,10.0.0.3", "10.0.0.2"];
        assert_eq!(seen("10.0.0.1", &lines), is("198.51.100.7"));
        assert_eq!(
            seen("2001:db8:a::1", &["[2001:db8:b::1]:80"]),
            is("2001:db8:b::1")
        );
        assert_eq!(seen("10.0.0.1", &["198.51.100.7:4711"]), is("198.51.100.7"));
        assert_eq!(
            seen("10.0.0.1", &["::ffff:198.51.100.7"]),
            is("198.51.100.7")
        );
    }

    #[test]
    fn proxies_that_name_nobody_are_not_the_caller() {
        assert_eq!(seen("10.0.0.1", &[]), None);
        assert_eq!(seen("10.0.0.1", &["10.0.0.3, 10.0.0.2"]), None);
    }

    #[test]
    fn unreadable_address_is_none() {
        for entry in ["unknown", "", "198.51.100.7, ", "_hidden", "198.51.100.7.1"] {
            assert_eq!(seen("10.0.0.1", &[entry]), None, "{entry:?}");
        }
        assert_eq!(
            seen("10.0.0.1", &["unknown, 198.51.100.7"]),
            is("198.51.100.7")
        );
    }
}

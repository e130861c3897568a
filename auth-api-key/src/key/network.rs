//! Networks: their canonical form, and which addresses they hold.
//!
//! An IPv4 address and the same address mapped into IPv6 are one caller. So `::ffff:10.0.0.0/104` is
//! another way to write `10.0.0.0/8`, and `::/0` holds every address.

use std::{fmt::Display, net::IpAddr};

#[cfg(any(feature = "postgres", feature = "sqlite"))]
use ipnet::AddrParseError;
use ipnet::{IpNet, Ipv4Net};

use crate::error::InputError;

/// Whether an address is in one of these networks, in whatever form both are written.
pub(crate) fn hold(networks: &[IpNet], address: IpAddr) -> bool {
    let address = address.to_canonical();
    networks.iter().any(|network| match (network, address) {
        (IpNet::V6(network), IpAddr::V4(address)) => network.contains(&address.to_ipv6_mapped()),
        (network, address) => network.contains(&address),
    })
}

/// The network without bits after its prefix. It is an IPv4 network if it holds only IPv4 addresses.
pub(crate) fn canonical(network: IpNet) -> IpNet {
    let network = network.trunc();
    match network {
        IpNet::V6(mapped) if mapped.prefix_len() >= 96 => mapped
            .addr()
            .to_ipv4_mapped()
            .and_then(|address| Ipv4Net::new(address, mapped.prefix_len() - 96).ok())
            .map_or(network, IpNet::V4),
        network => network,
    }
}

/// Reads a network, or an address, which is a network of one.
#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(crate) fn read(text: &str) -> Result<IpNet, AddrParseError> {
    text.parse().or_else(|error| match text.parse::<IpAddr>() {
        Ok(address) => Ok(address.into()),
        Err(_) => Err(error),
    })
}

/// The canonical form of a network that an owner gives. Bits after its prefix are an error, since the
/// owner may have meant a single address.
pub(crate) fn given(network: IpNet, owner: impl Display) -> Result<IpNet, InputError> {
    match network == network.trunc() {
        true => Ok(canonical(network)),
        false => Err(InputError::UnusableNetwork {
            owner: owner.to_string(),
            network,
            meant: canonical(network),
            alone: canonical(network.addr().into()),
        }),
    }
}

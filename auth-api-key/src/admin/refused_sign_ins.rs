//! Sign-ins that were refused: how many there are, and from where. Whoever is refused too often must wait.

use std::{
    cmp::Reverse,
    collections::HashMap,
    net::IpAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use coarsetime::Instant;
use ipnet::IpNet;
use serde_json::{Map, Value, json};

use super::{Shared, access::Access};
use crate::key::has_valid_checksum;

/// How long refused sign-ins are counted before they are reported.
const PERIOD: Duration = Duration::from_secs(60);
/// After how many refused sign-ins an address must wait until the period is over.
const ALLOWED: u32 = 10;
/// How many addresses are counted one by one, so that a flood of addresses fills no memory. The others are
/// counted together, and need not wait.
const ADDRESSES: usize = 10_000;
/// How many addresses a report names.
const NAMED: usize = 10;

/// The refused sign-ins of the present period, which begins with the first of them.
#[derive(Default)]
pub(super) struct RefusedSignIns(Mutex<Option<Period>>);

struct Period {
    begun: Instant,
    refused: u64,
    by_network: HashMap<IpNet, u32>,
}

impl Period {
    fn new(begun: Instant) -> Self {
        Self {
            begun,
            refused: 0,
            by_network: HashMap::new(),
        }
    }

    /// Counts one, and gives the network that it is counted for.
    fn count(&mut self, address: Option<IpAddr>) -> Option<IpNet> {
        self.refused += 1;
        let network = address.and_then(network)?;
        let is_full = self.by_network.len() >= ADDRESSES;
        match self.by_network.get_mut(&network) {
            Some(count) => *count = count.saturating_add(1),
            None if is_full => return None,
            None => drop(self.by_network.insert(network, 1)),
        }
        Some(network)
    }

    fn uncount(&mut self, network: Option<IpNet>) {
        self.refused -= 1;
        let count = network.and_then(|network| self.by_network.get_mut(&network));
        count.into_iter().for_each(|count| *count -= 1);
    }
}

/// A text that was sent to sign in or to confirm something. It counts as refused until it is uncounted.
#[must_use = "uncount an attempt that is not refused"]
pub(super) struct Attempt {
    /// The beginning of the period.
    begun: Instant,
    network: Option<IpNet>,
}

impl RefusedSignIns {
    fn period(&self) -> MutexGuard<'_, Option<Period>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Whoever has one address of IPv6 has all of its /64.
fn network(address: IpAddr) -> Option<IpNet> {
    let bits = if address.is_ipv4() { 32 } else { 64 };
    IpNet::new(address, bits)
        .ok()
        .map(|network| network.trunc())
}

fn shown(network: &IpNet) -> String {
    match network {
        IpNet::V4(network) => network.addr().to_string(),
        IpNet::V6(network) => network.to_string(),
    }
}

impl Shared {
    fn left_of(&self, begun: Instant) -> Option<Duration> {
        let elapsed = self.auth.clock().coarse().duration_since(begun);
        let left = PERIOD.checked_sub(elapsed.into())?;
        (!left.is_zero()).then_some(left)
    }

    /// Counts a text as refused before it is verified, so that those that are sent at the same time are counted,
    /// too. Or says how long whoever is at this address must wait before they send a text that somebody may guess.
    pub(super) fn attempt(
        self: &Arc<Self>,
        text: &str,
        address: Option<IpAddr>,
    ) -> Result<Attempt, Duration> {
        let mut period = self.refused.period();
        let period = period.get_or_insert_with(|| {
            let begun = self.auth.clock().coarse();
            tokio::spawn(report(Arc::clone(self), begun));
            Period::new(begun)
        });
        let (begun, network) = (period.begun, period.count(address));
        let sent = network.map_or(0, |network| period.by_network[&network]);
        // Nobody guesses a code or an issued text: whoever has one need not wait for a neighbour.
        let is_guessed = !matches!(self.access, Access::Code { .. }) && !has_valid_checksum(text);
        match self.left_of(begun) {
            Some(left) if is_guessed && sent > ALLOWED => Err(left),
            _ => Ok(Attempt { begun, network }),
        }
    }

    /// Removes an attempt that was not refused from the count.
    pub(super) fn uncount(&self, attempt: Attempt) {
        let mut period = self.refused.period();
        let period = period.as_mut();
        if let Some(period) = period.filter(|period| period.begun == attempt.begun) {
            period.uncount(attempt.network);
        }
    }
}

/// Reports the period at its end: in the log and in the trail.
async fn report(shared: Arc<Shared>, begun: Instant) {
    while let Some(left) = shared.left_of(begun) {
        shared.auth.clock().sleep(left).await;
    }
    let Some(period) = shared.refused.period().take() else {
        return;
    };
    let Period {
        refused,
        mut by_network,
        ..
    } = period;
    if refused == 0 {
        return;
    }
    by_network.retain(|_, count| *count > 0);
    let mut networks: Vec<_> = by_network.into_iter().collect();
    networks.sort_unstable_by_key(|(network, count)| (Reverse(*count), *network));
    networks.truncate(NAMED);
    let named = networks
        .iter()
        .map(|(network, count)| (shown(network), *count));
    let named: Vec<(String, u32)> = named.collect();
    tracing::warn!(refused, addresses = ?named, "sign-ins to the pages were refused");
    let named = named.into_iter();
    let named = named.map(|(address, count)| json!({"address": address, "refused": count}));
    let changed = Map::from_iter([
        ("refused".to_owned(), json!({"to": refused})),
        (
            "addresses".to_owned(),
            json!({"added": named.collect::<Vec<Value>>()}),
        ),
    ]);
    let Some(sessions) = shared.auth.store().ok().and_then(|store| store.sessions()) else {
        return;
    };
    if let Err(error) = sessions.record_refused(&changed).await {
        let error: &dyn std::error::Error = &error;
        tracing::error!(error, "refused sign-ins cannot be written into the trail");
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;

    use super::*;

    #[test]
    fn flood_of_addresses_is_counted_and_fills_no_memory() {
        let mut period = Period::new(Instant::now());
        for address in 0..3 * ADDRESSES as u32 {
            period.count(Some(Ipv4Addr::from(address).into()));
        }
        period.count(Some(Ipv4Addr::from(7).into()));
        period.count(None);
        assert_eq!(period.refused, 3 * ADDRESSES as u64 + 2);
        assert_eq!(period.by_network.len(), ADDRESSES);
        assert_eq!(
            period.by_network[&network(Ipv4Addr::from(7).into()).unwrap()],
            2
        );
    }
}

//! Compares maps for the cache, each with SHA-256 before it, with one and with two threads:
//! `cargo bench -p auth-api-key --bench cache`.
//!
//! The crate's cache uses papaya. It is the only map whose hits write nothing that two threads share,
//! except the reference count of the key.

mod common;

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
    hint::black_box,
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use arc_swap::ArcSwap;
use common::{Contender, compare, shuffled};
use sha2::{Digest, Sha256};

type Key = [u8; 32];
type Value = Arc<[u64; 16]>;

/// Uses eight bytes of a digest as its hash.
#[derive(Default)]
struct DigestHasher(u64);

impl Hasher for DigestHasher {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        self.0 = u64::from_ne_bytes(bytes[..8].try_into().expect("8 bytes"));
    }

    fn write_usize(&mut self, _length: usize) {}
}

type BuildDigestHasher = BuildHasherDefault<DigestHasher>;
type Get = Box<dyn Fn(&Key) -> Option<Value> + Send + Sync>;

fn maps(entries: &[(Key, Value)]) -> Vec<(&'static str, Get)> {
    let entries = || entries.iter().cloned();
    let count = entries().len();

    let swapped: HashMap<Key, Value, BuildDigestHasher> = entries().collect();
    let swapped = ArcSwap::from_pointee(swapped);

    let papaya = papaya::HashMap::with_hasher(BuildDigestHasher::default());
    for (key, value) in entries() {
        papaya.pin().insert(key, value);
    }

    let quick = quick_cache::sync::Cache::with(
        2 * count,
        2 * count as u64,
        quick_cache::UnitWeighter,
        BuildDigestHasher::default(),
        quick_cache::sync::DefaultLifecycle::default(),
    );
    entries().for_each(|(key, value)| quick.insert(key, value));

    let moka = moka::sync::Cache::builder()
        .max_capacity(2 * count as u64)
        .build_with_hasher(BuildDigestHasher::default());
    entries().for_each(|(key, value)| moka.insert(key, value));

    vec![
        (
            "HashMap in an arc-swap",
            Box::new(move |key| swapped.load().get(key).cloned()),
        ),
        (
            "papaya",
            Box::new(move |key| papaya.pin().get(key).cloned()),
        ),
        ("quick_cache", Box::new(move |key| quick.get(key))),
        ("moka", Box::new(move |key| moka.get(key))),
    ]
}

fn main() {
    for (count, slice) in [(1, 5_000), (1_000, 5_000), (1_000_000, 20_000)] {
        let texts: Vec<[u8; 48]> = shuffled(count)
            .into_iter()
            .map(|index| {
                let mut text = [b'x'; 48];
                text[..8].copy_from_slice(&(index as u64).to_ne_bytes());
                text
            })
            .collect();
        let mut keys: Vec<Key> = texts
            .iter()
            .map(|text| Sha256::digest(text).into())
            .collect();
        keys.sort_unstable();
        let entries: Vec<(Key, Value)> = keys
            .into_iter()
            .map(|key| (key, Arc::new([0; 16])))
            .collect();
        let maps = maps(&entries);
        let walk = |get: &Get, next: &mut usize, times| {
            for _ in 0..times {
                let key = Sha256::digest(black_box(texts[*next])).into();
                black_box(get(&key).expect("every key is there"));
                *next = (*next + 1) % texts.len();
            }
        };
        for threads in [1, 2] {
            let contenders = maps
                .iter()
                .map(|(name, get)| {
                    let mut at = [0, texts.len() / 2];
                    Contender::new(*name, move |times| {
                        let start = Instant::now();
                        thread::scope(|scope| {
                            for next in &mut at[..threads] {
                                scope.spawn(|| walk(get, next, times));
                            }
                        });
                        start.elapsed()
                    })
                })
                .collect();
            let title = format!("{count} keys, {threads} threads");
            compare(&title, 40, 4 * slice, |_| Duration::ZERO, contenders);
        }
    }
}

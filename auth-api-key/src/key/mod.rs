//! Keys: who is calling ([`ApiKey`]), the secret shown once ([`Secret`]) and its digest, what a key is
//! created from ([`NewKey`]), lists of them ([`KeyFilter`], [`Page`]), and the trail of what was changed
//! ([`TrailEvent`]).

mod clock;
mod digest;
mod group;
mod invisible;
mod lifetime;
mod list;
pub(crate) mod network;
mod new;
mod record;
mod secret;
mod time;
mod trail;

/// A range of addresses, such as `"10.0.0.0/8".parse()?`; of the crate [ipnet].
pub use ipnet::IpNet;

#[cfg(any(feature = "postgres", feature = "sqlite"))]
pub(crate) use self::list::{Piece, Search};
pub(crate) use self::{
    clock::Clock,
    digest::Peppers,
    invisible::without_mark,
    lifetime::Lifetimes,
    new::{not_too_long, unusable},
    record::NOTED_EVERY,
    secret::{DEFAULT_PREFIX, random_bytes},
    time::{from_millis, to_millis},
};
pub use self::{
    digest::{Digest, StoredSecret},
    group::{Group, User},
    invisible::is_invisible,
    list::{Cursor, KeyFilter, KeyOrder, Page, Paging},
    new::{CreatedKey, KeyUpdate, NewKey},
    record::{ApiKey, Damage, KeyRecord, KeyState},
    secret::{Hint, Secret, has_valid_checksum},
    trail::{TrailEvent, TrailFilter},
};

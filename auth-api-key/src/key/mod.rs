//! Keys: who is calling ([`ApiKey`]), the text that is shown once ([`Secret`]) and its digest, what a key is
//! created from ([`NewKey`]), lists ([`KeyFilter`], [`Page`]), and the trail of changes ([`TrailEvent`]).

mod clock;
mod digest;
mod group;
mod into_text;
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
#[cfg(feature = "admin")]
pub(crate) use self::new::LONGEST_ACTOR;
pub(crate) use self::{
    clock::Clock,
    digest::Peppers,
    invisible::without_mark,
    lifetime::Lifetimes,
    new::{check_actor, is_unusable, not_too_long},
    record::NOTED_EVERY,
    secret::{DEFAULT_PREFIX, random_bytes},
    time::{from_millis, to_millis},
};
pub use self::{
    digest::{Digest, StoredSecret},
    group::{COUNTED_KEYS, Group, GroupCodes, User},
    into_text::IntoText,
    invisible::is_invisible,
    list::{Cursor, KeyFilter, KeyOrder, Page, Paging},
    new::{CreatedKey, KeyUpdate, NewKey},
    record::{ApiKey, Damage, KeyRecord, KeyState},
    secret::{Hint, Secret, has_valid_checksum},
    trail::{TrailEvent, TrailFilter},
};

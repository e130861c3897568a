//! Times as stores keep them, whole milliseconds since 1970, and as they are shown.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use humantime::{format_rfc3339_millis, format_rfc3339_seconds};
use serde::{Serialize, Serializer};

use crate::error::InputError;

/// 10000-01-01, in milliseconds.
const MAX_MILLIS: i64 = 253_402_300_800_000;

/// Stores keep times as whole milliseconds since 1970.
pub(crate) fn to_millis(time: SystemTime) -> Result<i64, InputError> {
    time.duration_since(UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_millis()).ok())
        .filter(|millis| *millis < MAX_MILLIS)
        .ok_or(InputError::TimeOutOfRange { time })
}

pub(crate) fn from_millis(millis: i64) -> SystemTime {
    // A time before 1970 can only have been put into the table by hand: long expired.
    UNIX_EPOCH + Duration::from_millis(millis.clamp(0, MAX_MILLIS).unsigned_abs())
}

/// As [`Rfc3339`].
pub(super) fn serialize_time<S: Serializer>(
    time: &SystemTime,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    Rfc3339(*time).serialize(serializer)
}

/// A time as a text such as `2027-01-31T12:00:00Z` or `2027-01-31T12:00:00.250Z`.
pub(super) struct Rfc3339(pub(super) SystemTime);

impl Serialize for Rfc3339 {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        // RFC 3339 cannot write a time after the year 9999.
        let time = self.0.clamp(UNIX_EPOCH, from_millis(MAX_MILLIS - 1));
        match to_millis(time).is_ok_and(|millis| millis % 1000 == 0) {
            true => serializer.collect_str(&format_rfc3339_seconds(time)),
            false => serializer.collect_str(&format_rfc3339_millis(time)),
        }
    }
}

//! Times as stores keep them: whole milliseconds since 1970.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

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

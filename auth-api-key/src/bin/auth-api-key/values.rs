//! Reads the values of arguments: networks, times, durations, metadata and peppers.

use std::{
    net::IpAddr,
    path::PathBuf,
    time::{Duration, SystemTime},
};

use auth_api_key::key::IpNet;
use jiff::{Span, Timestamp, civil::Date, tz::TimeZone};
use serde_json::{Map, Value};

pub(crate) fn pepper(text: &str) -> Result<(u32, PathBuf), &'static str> {
    text.split_once('=')
        .and_then(|(version, file)| Some((version.parse().ok()?, file.into())))
        .ok_or("write a version and a file, such as 1=/run/secrets/pepper")
}

/// The code of one group.
pub(crate) fn group(text: &str) -> Result<String, &'static str> {
    match text.contains(',') {
        true => Err("the code of a group cannot have a comma; give each group separately"),
        false => Ok(text.to_owned()),
    }
}

pub(crate) fn network(text: &str) -> Result<IpNet, &'static str> {
    text.parse()
        .or_else(|_| text.parse::<IpAddr>().map(IpNet::from))
        .map_err(|_| "write a network such as 10.0.0.0/8, or an address such as 192.0.2.7")
}

const NEVER: &str = "for a key that never expires, give no expiry; `update --no-expiry` removes the expiry \
                     of a key";

pub(crate) fn time(text: &str) -> Result<SystemTime, &'static str> {
    let endless = ["never", "none", "forever", "infinity"];
    if text.starts_with("9999-") || endless.iter().any(|word| text.eq_ignore_ascii_case(word)) {
        return Err(NEVER);
    }
    if let Ok(time) = text.parse::<Timestamp>() {
        return Ok(time.into());
    }
    let today = Timestamp::now().to_zoned(TimeZone::UTC).date().to_string();
    let text = if text == "today" { &today } else { text };
    // A `Date` is also read from a longer text, of which it leaves out the time.
    if text.len() == "2027-01-31".len()
        && let Ok(day) = text.parse::<Date>()
        && let Ok(beginning) = day.to_zoned(TimeZone::UTC)
    {
        return Ok(beginning.timestamp().into());
    }
    match (duration(text), text.parse::<Span>()) {
        (Ok(duration), _) => SystemTime::now().checked_add(duration).ok_or(NEVER),
        (Err(_), Ok(span)) if span.is_positive() => Err(NEVER),
        _ => Err(
            "write a time with its offset such as 2027-01-31T12:00:00Z, a day such as 2027-01-31, or \
             a duration from now such as 90d",
        ),
    }
}

/// A time that is past, or how long ago it is.
pub(crate) fn past(text: &str) -> Result<SystemTime, &'static str> {
    let ago = duration(text)
        .ok()
        .and_then(|ago| SystemTime::now().checked_sub(ago));
    ago.or_else(|| time(text).ok())
        .filter(|time| (SystemTime::UNIX_EPOCH..=SystemTime::now()).contains(time))
        .ok_or(
            "write how long ago it is, such as 90d, a time such as 2026-01-31T12:00:00Z, or a day",
        )
}

/// A month or a year has the length of the one that begins now.
pub(crate) fn duration(text: &str) -> Result<Duration, &'static str> {
    let now = Timestamp::now().to_zoned(TimeZone::UTC);
    text.parse::<Span>()
        .and_then(|span| now.checked_add(span))
        .ok()
        .and_then(|then| Duration::try_from(now.duration_until(&then)).ok())
        .ok_or("write a duration such as 30m, 12h, 90d or 1y")
}

/// What is wrong with a number that [`has_long_number`] finds.
pub(crate) const LONG_NUMBER: &str =
    "a number has more digits than can be stored; write it as a string, in quotes";

/// Whether a number in a JSON text has more digits than are read of it.
pub(crate) fn has_long_number(json: &str) -> bool {
    let is_long = |number: &str| {
        let (digits, exponent) = number.split_once(['e', 'E']).unwrap_or((number, ""));
        match exponent.is_empty() && !digits.contains('.') {
            true => number.parse::<i64>().is_err() && number.parse::<u64>().is_err(),
            false => {
                let digits = digits.trim_start_matches(['-', '0', '.']);
                digits.bytes().filter(u8::is_ascii_digit).count() > 17
            }
        }
    };
    let (mut rest, mut in_text) = (json, false);
    while let Some(at) = rest.find(|c: char| match in_text {
        true => c == '"' || c == '\\',
        false => c == '"' || c == '-' || c.is_ascii_digit(),
    }) {
        let found = &rest[at..];
        let length = match found.as_bytes()[0] {
            // An escaped quote does not end the string.
            b'\\' => 1 + found[1..].chars().next().map_or(0, char::len_utf8),
            b'"' => {
                in_text = !in_text;
                1
            }
            _ => {
                let is_of_number = |c: char| c.is_ascii_digit() || "+-.eE".contains(c);
                let number = found.find(|c| !is_of_number(c)).unwrap_or(found.len());
                if is_long(&found[..number]) {
                    return true;
                }
                number
            }
        };
        rest = &found[length..];
    }
    false
}

pub(crate) fn metadata(text: &str) -> Result<Map<String, Value>, &'static str> {
    if has_long_number(text) {
        return Err(LONG_NUMBER);
    }
    serde_json::from_str(text).map_err(|_| "write a JSON object such as {\"owner\": \"ops\"}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_with_an_offset_as_days_and_from_now() {
        let at = |seconds| Ok(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        assert_eq!(time("2027-01-31T12:00:00Z"), at(1_801_396_800));
        assert_eq!(time("2027-01-31T14:00:00+02:00"), at(1_801_396_800));
        assert_eq!(time("2027-01-31"), at(1_801_353_600));
        let before = SystemTime::now();
        let (after_90_days, after) = (time("90d").unwrap(), SystemTime::now());
        let days = Duration::from_secs(90 * 24 * 60 * 60);
        assert!((before + days..=after + days).contains(&after_90_days));
        let today = time("today").unwrap();
        assert!(today <= SystemTime::now() && SystemTime::now() - days < today);
        for endless in ["9999-12-31", "9999-12-31T23:59:59Z", "never", "9999y"] {
            assert_eq!(time(endless), Err(NEVER), "{endless}");
        }
        for unclear in [
            "2027-01-31T12:00:00",
            "31.1.2027",
            "tomorrow",
            "-1d",
            "-9999y",
            "",
        ] {
            assert!(time(unclear).is_err(), "{unclear}");
        }
    }

    #[test]
    fn number_with_more_digits_than_are_read_is_found() {
        for long in [
            "{\"n\": 123456789012345678901}",
            "[1,-9223372036854775809]",
            "[0.1234567890123456789]",
            "{\"a\\\\\": 12345678901234567890123}",
        ] {
            assert!(has_long_number(long), "{long}");
        }
        for short in [
            "{\"n\": 18446744073709551615, \"m\": -9223372036854775808}",
            "[0.000000001, 1e300, 12.5E-7, 0, 0.30000000000000004]",
            "{\"a\\\"12345678901234567890123\": \"98765432109876543210987\"}",
        ] {
            assert!(!has_long_number(short), "{short}");
        }
    }

    #[test]
    fn address_is_a_network_of_one() {
        assert_eq!(network("192.0.2.7").unwrap().to_string(), "192.0.2.7/32");
        assert_eq!(network("10.0.0.0/8").unwrap().to_string(), "10.0.0.0/8");
        assert!(network("10.0.0.0/33").is_err());
    }
}

//! The tables that a copy reads and writes.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::value::RawValue;

/// How a column is read and written.
#[derive(Clone, Copy, PartialEq)]
pub(in super::super) enum Type {
    Int,
    Flag,
    Text,
    Bytes,
    Json,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub(in super::super) enum Value {
    Int(Option<i64>),
    Flag(Option<bool>),
    Text(Option<String>),
    Bytes(Option<Vec<u8>>),
    Json(Option<String>),
}

impl Value {
    pub(super) fn into_text(self) -> Option<String> {
        match self {
            Self::Text(text) => text,
            _ => None,
        }
    }
}

/// As many values as the table has columns.
pub(in super::super) type Row = Vec<Value>;

pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static [(&'static str, Type)],
    /// How many of the first columns are the primary key.
    pub(super) primary_columns: usize,
    /// The indexes of other unique columns.
    pub(super) unique: &'static [usize],
    /// `SET …` that frees the unique values of a row. If empty, the row is deleted.
    pub(super) freed: &'static str,
    /// Whether the target deletes rows that the source does not have. In other tables they go with their key,
    /// or do no harm.
    pub(super) removed: bool,
    /// Whether the database counts its ids.
    pub(super) counted: bool,
    /// The condition under which an existing row is overwritten.
    pub(super) overwrite_if: &'static str,
}

const PLAIN: Table = Table {
    name: "",
    columns: &[],
    primary_columns: 1,
    unique: &[],
    freed: "",
    removed: true,
    counted: false,
    overwrite_if: "",
};

pub(super) const PEPPERS: Table = Table {
    name: "api_key_pepper",
    columns: &[("version", Type::Int), ("check_value", Type::Bytes)],
    removed: false,
    ..PLAIN
};

/// Each table after those that its rows refer to.
pub(super) const TABLES: [Table; 10] = [
    PEPPERS,
    Table {
        name: "api_key_user",
        columns: &[("id", Type::Text), ("active", Type::Flag)],
        ..PLAIN
    },
    Table {
        name: "api_key",
        columns: &[
            ("id", Type::Int),
            ("name", Type::Text),
            ("technical_name", Type::Text),
            ("user_id", Type::Text),
            ("networks", Type::Json),
            ("metadata", Type::Json),
            ("expires_at", Type::Int),
            ("active", Type::Flag),
            ("created_at", Type::Int),
            ("renewed_at", Type::Int),
        ],
        unique: &[1, 2],
        freed: "name = 'key ' || id || ', which is being renamed', technical_name = NULL",
        counted: true,
        ..PLAIN
    },
    Table {
        name: "api_key_secret",
        columns: &[
            ("id", Type::Int),
            ("key_id", Type::Int),
            ("digest", Type::Bytes),
            ("pepper_version", Type::Int),
            ("prefix", Type::Text),
            ("hint", Type::Text),
            ("valid_until", Type::Int),
        ],
        unique: &[2],
        counted: true,
        ..PLAIN
    },
    Table {
        name: "api_key_group",
        columns: &[
            ("id", Type::Int),
            ("code", Type::Text),
            ("name", Type::Text),
        ],
        unique: &[1],
        counted: true,
        ..PLAIN
    },
    Table {
        name: "api_key_group_member",
        columns: &[("key_id", Type::Int), ("group_id", Type::Int)],
        primary_columns: 2,
        ..PLAIN
    },
    // The target may be in use already.
    Table {
        name: "api_key_use",
        columns: &[("key_id", Type::Int), ("used_at", Type::Int)],
        removed: false,
        overwrite_if: " WHERE api_key_use.used_at < excluded.used_at",
        ..PLAIN
    },
    // What was copied into the target was not used there.
    Table {
        name: "api_key_recording",
        columns: &[
            ("id", Type::Int),
            ("since", Type::Int),
            ("last_at", Type::Int),
        ],
        removed: false,
        ..PLAIN
    },
    // The target may have pages of its own.
    Table {
        name: "api_key_operator_group",
        columns: &[("code", Type::Text)],
        removed: false,
        ..PLAIN
    },
    Table {
        name: "api_key_event",
        columns: &[
            ("id", Type::Int),
            ("at", Type::Int),
            ("actor", Type::Text),
            ("session", Type::Text),
            ("action", Type::Text),
            ("key_id", Type::Int),
            ("key_name", Type::Text),
            ("hint", Type::Text),
            ("group_code", Type::Text),
            ("user_id", Type::Text),
            ("changed", Type::Json),
        ],
        counted: true,
        ..PLAIN
    },
];

impl Table {
    pub(super) fn primary_key<'r>(&self, row: &'r Row) -> &'r [Value] {
        &row[..self.primary_columns]
    }

    pub(super) fn types(&self) -> Vec<Type> {
        self.columns.iter().map(|(_, type_)| *type_).collect()
    }

    pub(super) fn primary_column_names(&self) -> String {
        list(
            self.columns[..self.primary_columns]
                .iter()
                .map(|(name, _)| *name),
        )
    }

    pub(super) fn all_columns(&self) -> String {
        list(self.columns.iter().map(|(name, _)| *name))
    }

    /// What an owner finds a row by.
    pub(super) fn shown(&self, row: &Row) -> String {
        let columns = self.columns.iter().zip(row);
        let telling = columns.enumerate().filter(|(at, ((name, _), _))| {
            *at < self.primary_columns || matches!(*name, "name" | "key_id")
        });
        let telling = telling.filter_map(|(_, ((name, _), value))| match value {
            Value::Int(Some(number)) => Some(format!("{name} {number}")),
            Value::Text(Some(text)) => Some(format!("{name} {text:?}")),
            _ => None,
        });
        telling.collect::<Vec<_>>().join(", ")
    }
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// Whether two rows say the same: PostgreSQL writes JSON in its own way.
pub(super) fn same(one: &Row, other: &Row) -> bool {
    let mut pairs = one.iter().zip(other);
    pairs.all(|pair| match pair {
        (Value::Json(Some(one)), Value::Json(Some(other))) => same_json(one, other),
        (one, other) => one == other,
    })
}

/// Whether two texts are the same JSON. Numbers are compared digit by digit: they may have more of them than
/// any type of numbers.
fn same_json(one: &str, other: &str) -> bool {
    let (one, other) = (one.trim(), other.trim());
    if one == other {
        return true;
    }
    if let (Some(one), Some(other)) = (read::<Object>(one), read::<Object>(other)) {
        let mut pairs = one.iter().zip(&other);
        return one.len() == other.len()
            && pairs.all(|((name, one), (other_name, other))| {
                name == other_name && same_json(one.get(), other.get())
            });
    }
    if let (Some(one), Some(other)) = (read::<List>(one), read::<List>(other)) {
        let mut pairs = one.iter().zip(&other);
        return one.len() == other.len()
            && pairs.all(|(one, other)| same_json(one.get(), other.get()));
    }
    if let (Some(one), Some(other)) = (read::<String>(one), read::<String>(other)) {
        return one == other;
    }
    let number = number(one);
    number.is_some() && number == self::number(other)
}

type Object<'a> = BTreeMap<String, &'a RawValue>;
type List<'a> = Vec<&'a RawValue>;

fn read<'a, T: Deserialize<'a>>(json: &'a str) -> Option<T> {
    serde_json::from_str(json).ok()
}

/// A number of JSON: whether it is negative, its digits, and how many zeros follow them.
fn number(json: &str) -> Option<(bool, String, i64)> {
    let (negative, json) = match json.strip_prefix('-') {
        Some(json) => (true, json),
        None => (false, json),
    };
    let (digits, exponent) = json.split_once(['e', 'E']).unwrap_or((json, "0"));
    let exponent: i64 = exponent
        .strip_prefix('+')
        .unwrap_or(exponent)
        .parse()
        .ok()?;
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{fraction}");
    let digits = all.trim_start_matches('0').trim_end_matches('0');
    if all.is_empty() || !all.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    if digits.is_empty() {
        return Some((false, String::new(), 0));
    }
    let zeros = all.len() - all.trim_end_matches('0').len();
    let zeros = exponent + zeros as i64 - fraction.len() as i64;
    Some((negative, digits.to_owned(), zeros))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_the_same_however_it_is_written() {
        for (one, other) in [
            (r#"{"b":1,"a":[]}"#, r#"{"a": [], "b": 1}"#),
            (r#"{"a":"\u00e9"}"#, r#"{"a": "é"}"#),
            (r#"{"a":1,"a":2}"#, r#"{"a": 2}"#),
            ("[1e2, -0, 1.50, 0.001]", "[100,0.0,15e-1,1E-3]"),
            ("[1e400]", &format!("[1{}]", "0".repeat(400))),
            ("[null, true]", "[null,true]"),
        ] {
            assert!(same_json(one, other), "{one} {other}");
        }
    }

    #[test]
    fn json_with_another_digit_or_place_is_other_json() {
        for (one, other) in [
            ("[123456789012345678901]", "[123456789012345678902]"),
            ("[0.12345678901234567890]", "[0.12345678901234567891]"),
            ("[1e400]", "[1e401]"),
            ("[1]", "[-1]"),
            ("[1]", r#"["1"]"#),
            ("[1, 2]", "[2, 1]"),
            ("[1]", "[1, 1]"),
            (r#"{"a":1}"#, r#"{"b":1}"#),
            (r#"{"a":1}"#, r#"{"a":1,"b":1}"#),
            ("[null]", "[false]"),
        ] {
            assert!(!same_json(one, other), "{one} {other}");
        }
    }
}

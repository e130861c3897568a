//! The tables that hold what a copy has to carry.

use serde_json::Value as Json;

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

/// As many values as the table has columns.
pub(in super::super) type Row = Vec<Value>;

pub(super) struct Table {
    pub(super) name: &'static str,
    pub(super) columns: &'static [(&'static str, Type)],
    /// How many of the columns, at the beginning, tell a row from all others.
    pub(super) key: usize,
    /// Where else no two rows have the same.
    pub(super) unique: &'static [usize],
    /// Takes from a row what another one may have now; where there is nothing, the row is removed.
    pub(super) freed: &'static str,
    /// Whether the target loses rows that the source does not have. Those of the others go with the keys
    /// that they are of, or harm nobody.
    pub(super) removed: bool,
    /// Whether the database counts its ids.
    pub(super) counted: bool,
    /// Whether a row is never another one.
    pub(super) fixed: bool,
    /// When a row that is there is written over.
    pub(super) unless: &'static str,
}

const PLAIN: Table = Table {
    name: "",
    columns: &[],
    key: 1,
    unique: &[],
    freed: "",
    removed: true,
    counted: false,
    fixed: false,
    unless: "",
};

/// Each after those that its rows refer to.
pub(super) const TABLES: [Table; 9] = [
    Table {
        name: "api_key_pepper",
        columns: &[("version", Type::Int), ("check_value", Type::Bytes)],
        removed: false,
        fixed: true,
        ..PLAIN
    },
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
        key: 2,
        ..PLAIN
    },
    // The target may be in use already.
    Table {
        name: "api_key_use",
        columns: &[("key_id", Type::Int), ("used_at", Type::Int)],
        removed: false,
        unless: " WHERE api_key_use.used_at < excluded.used_at",
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
    pub(super) fn key_of<'r>(&self, row: &'r Row) -> &'r [Value] {
        &row[..self.key]
    }

    pub(super) fn types(&self) -> Vec<Type> {
        self.columns.iter().map(|(_, type_)| *type_).collect()
    }

    pub(super) fn key_columns(&self) -> String {
        list(self.columns[..self.key].iter().map(|(name, _)| *name))
    }

    pub(super) fn all_columns(&self) -> String {
        list(self.columns.iter().map(|(name, _)| *name))
    }

    /// What an operator finds a row by.
    pub(super) fn shown(&self, row: &Row) -> String {
        let columns = self.columns.iter().zip(row);
        let telling = columns
            .enumerate()
            .filter(|(at, ((name, _), _))| *at < self.key || matches!(*name, "name" | "key_id"));
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
        (Value::Json(Some(one)), Value::Json(Some(other))) if one != other => {
            let read = |text: &str| serde_json::from_str::<Json>(text).ok();
            read(one).is_some_and(|one| read(other) == Some(one))
        }
        (one, other) => one == other,
    })
}

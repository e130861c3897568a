//! What a role of PostgreSQL must be granted: read from the table in the documentation.

use sqlx::PgExecutor;

/// Shown in the documentation of [`PostgresStore`](super::PostgresStore).
const GRANTS: &str = include_str!("grants.md");

/// The columns of the table.
#[derive(Clone, Copy)]
pub(super) enum Role {
    VerifyingNode = 1,
    Server = 2,
    KeyOwner = 3,
}

/// Each row about a table: its name, and what each role needs.
fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    let rows = GRANTS.lines().filter_map(|line| line.strip_prefix("| `"));
    let cells = |row: &'static str| row.split('|').map(|cell| cell.trim_matches([' ', '`']));
    rows.map(move |row| cells(row).collect())
        .filter(|row: &Vec<_>| row[0].contains("api_key"))
}

/// The `GRANT`s that the current role lacks for `role`, on the `wanted` tables that exist. `None` if it lacks
/// nothing.
pub(super) async fn lacking(
    connection: impl PgExecutor<'_>,
    role: Role,
    wanted: impl Fn(&str) -> bool,
) -> sqlx::Result<Option<String>> {
    let (mut tables, mut privileges) = (Vec::new(), Vec::new());
    for row in rows().filter(|row| wanted(row[0])) {
        for privilege in row[role as usize]
            .split(", ")
            .filter(|cell| !cell.is_empty())
        {
            tables.push(row[0]);
            privileges.push(privilege);
        }
    }
    let lacking = sqlx::query_scalar(
        "SELECT string_agg(format('`GRANT %s ON %s TO %I`', lacked, name, current_user), ', ')
         FROM (SELECT name, string_agg(privilege, ', ') AS lacked
               FROM unnest($1::text[], $2::text[]) AS needed (name, privilege)
               WHERE NOT CASE privilege
                   WHEN 'DELETE' THEN has_table_privilege(to_regclass(name), privilege)
                   ELSE has_any_column_privilege(to_regclass(name), split_part(privilege, ' ', 1))
               END
               GROUP BY name ORDER BY name) AS of_tables",
    );
    let lacking = lacking.bind(tables).bind(privileges);
    lacking.fetch_one(connection).await
}

/// What to grant if the server has refused something on one of our tables.
pub(super) fn remedy(refusal: &str) -> Option<String> {
    let is_in_name = |char: char| char.is_ascii_alphanumeric() || char == '_';
    let named = |row: &Vec<&str>| {
        let mut words = refusal.split(|char| !is_in_name(char));
        words.any(|word| word == row[0])
    };
    let row = rows().find(named)?;
    let (table, all) = (row[0], row[Role::KeyOwner as usize]);
    let trail = match table {
        "api_key_event" => "; only the owner of the tables deletes events",
        _ => "",
    };
    Some(format!(
        "grant the role what it needs of {all} on `{table}`: the documentation of `PostgresStore` lists \
         what a verifying node, a server and an owner of keys need{trail}"
    ))
}

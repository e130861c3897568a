//! Keys in SQL tables: what SQLite and PostgreSQL have in common, which is all but opening,
//! watching and the statements that begin a change.
//!
//! sqlx's types are generic over the database, but its bounds cannot be named once; a macro can.

use std::time::SystemTime;

use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};

use super::from_millis;
use crate::Error;

/// The migrations of one database; their table's name keeps them apart from an application's own.
pub(super) fn migrator(first: &'static str) -> Migrator {
    let sql = sqlx::SqlSafeStr::into_sql_str(first);
    let keys = Migration::new(1, "keys".into(), MigrationType::Simple, sql, false);
    let mut migrator = Migrator::with_migrations(vec![keys]);
    migrator.dangerous_set_table_name("_auth_api_key_migrations");
    migrator
}

/// Says of tables that are newer than this crate that they are.
pub(super) fn explained(error: MigrateError, migrator: &Migrator) -> Error {
    match error {
        MigrateError::VersionMissing(found) => Error::NewerDatabase {
            found,
            known: migrator
                .iter()
                .map(|known| known.version)
                .max()
                .unwrap_or(0),
        },
        error => Error::store(error),
    }
}

pub(super) fn time(millis: Option<i64>) -> Option<SystemTime> {
    millis.map(from_millis)
}

/// Implements [`KeyStore`](super::KeyStore) for a store with the pools `lookups`, `reads` and `writer`, and
/// with `write`, which begins a transaction. `$groups` makes a JSON array of `g.code`, and `$keep`
/// keeps the keys `k` of a query from being deleted before the end of its statement.
macro_rules! key_store_over_sql {
    ($Store:ident, $Database:ident, $groups:literal, $keep:literal) => {
        /// How many keys one statement inserts.
        const BATCH: usize = 1000;

        /// A key with the hint and the end of one of its texts `s`, which must be joined.
        const SELECT_KEY: &str = concat!(
            "SELECT k.id, k.name, k.technical_name, k.user_id, k.networks, k.metadata,
                    k.expires_at, k.active, k.created_at, u.active AS user_active,
                    coalesce(s.hint, '') AS hint, s.valid_until,
                    (SELECT used_at FROM api_key_use WHERE key_id = k.id) AS used_at,
                    (SELECT ", $groups, "
                     FROM api_key_group_member m JOIN api_key_group g ON g.id = m.group_id
                     WHERE m.key_id = k.id) AS group_codes
             FROM api_key k
             JOIN api_key_user u ON u.id = k.user_id "
        );

        const JOIN_TEXT: &str = "JOIN api_key_secret s ON s.key_id = k.id ";

        /// A join of sets, whose time does not hang on what the database has counted yet.
        const JOIN_NEWEST_TEXT: &str = "
            LEFT JOIN api_key_secret s ON s.key_id = k.id AND NOT EXISTS
                (SELECT 1 FROM api_key_secret n WHERE n.key_id = s.key_id AND n.id > s.id) ";

        type Connection = <$Database as sqlx::Database>::Connection;
        type Query = sqlx::QueryBuilder<$Database>;

        struct Found(KeyRecord, Option<SystemTime>);

        impl FromRow<'_, <$Database as sqlx::Database>::Row> for Found {
            fn from_row(row: &<$Database as sqlx::Database>::Row) -> sqlx::Result<Self> {
                let networks: Json<Vec<String>> = row.try_get("networks")?;
                let networks: Result<_, _> = networks.iter().map(|net| net.parse()).collect();
                let mut record = KeyRecord::new(
                    row.try_get("id")?,
                    row.try_get::<String, _>("name")?,
                    row.try_get::<String, _>("user_id")?,
                );
                Json(record.groups) = row.try_get("group_codes")?;
                record.groups.sort();
                record.networks =
                    networks.map_err(|error: ipnet::AddrParseError| sqlx::Error::ColumnDecode {
                        index: "networks".to_owned(),
                        source: error.into(),
                    })?;
                Json(record.metadata) = row.try_get("metadata")?;
                record.expires_at = time(row.try_get("expires_at")?);
                record.active = row.try_get("active")?;
                record.user_active = row.try_get("user_active")?;
                record.hint = row.try_get("hint")?;
                record.technical_name = row.try_get("technical_name")?;
                record.created_at = from_millis(row.try_get("created_at")?);
                record.last_used_at = time(row.try_get("used_at")?);
                Ok(Self(record, time(row.try_get("valid_until")?)))
            }
        }

        /// The keys for which a condition holds, in the order of their names.
        async fn select(
            connection: &mut Connection,
            condition: impl FnOnce(&mut Query),
        ) -> Result<Vec<KeyRecord>, Error> {
            let mut query = Query::new(SELECT_KEY);
            query.push(JOIN_NEWEST_TEXT).push("WHERE ");
            condition(&mut query);
            query.push(" ORDER BY k.name");
            let found: Vec<Found> = query.build_query_as().fetch_all(connection).await?;
            Ok(found.into_iter().map(|Found(record, _)| record).collect())
        }

        async fn key_named(
            connection: &mut Connection,
            name: &str,
        ) -> Result<Option<KeyRecord>, Error> {
            let named = select(connection, |query| {
                query.push("k.name = ").push_bind(name);
            });
            Ok(named.await?.pop())
        }

        async fn existing_key(connection: &mut Connection, name: &str) -> Result<KeyRecord, Error> {
            key_named(connection, name)
                .await?
                .ok_or_else(|| Error::NoSuchKey { name: name.to_owned() })
        }

        /// `(…, …)`
        fn push_list<'a, T>(query: &mut Query, values: impl IntoIterator<Item = T>)
        where
            T: sqlx::Encode<'a, $Database> + sqlx::Type<$Database> + 'a,
        {
            query.push("(");
            let mut list = query.separated(", ");
            for value in values {
                list.push_bind(value);
            }
            query.push(")");
        }

        fn networks(key: &KeyRecord) -> Json<Vec<String>> {
            Json(key.networks.iter().map(ToString::to_string).collect())
        }

        /// Adds up to a batch of keys, with their users, groups and texts.
        async fn create(
            connection: &mut Connection,
            keys: &[(KeyRecord, StoredSecret)],
        ) -> Result<Vec<KeyRecord>, Error> {
            let mut users: Vec<&str> = keys.iter().map(|(key, _)| key.user.as_str()).collect();
            users.sort_unstable();
            users.dedup();
            Query::new("INSERT INTO api_key_user (id) ")
                .push_values(&users, |mut row, user| {
                    row.push_bind(*user);
                })
                .push(" ON CONFLICT DO NOTHING")
                .build()
                .execute(&mut *connection)
                .await?;
            let mut archived = Query::new("SELECT id FROM api_key_user WHERE NOT active AND id IN ");
            push_list(&mut archived, users);
            let archived: Vec<String> = archived
                .build_query_scalar()
                .fetch_all(&mut *connection)
                .await?;

            let mut insert = Query::new(
                "INSERT INTO api_key (name, technical_name, user_id, networks, metadata,
                                      expires_at, active, created_at) ",
            );
            let times = |(key, _): &(KeyRecord, _)| {
                let expires_at = key.expires_at.map(to_millis).transpose()?;
                Ok((expires_at, to_millis(key.created_at)?))
            };
            let times = keys.iter().map(times).collect::<Result<Vec<_>, Error>>()?;
            insert.push_values(
                keys.iter().zip(times),
                |mut row, ((key, _), (expires_at, created_at))| {
                    row.push_bind(&key.name)
                        .push_bind(&key.technical_name)
                        .push_bind(&key.user)
                        .push_bind(networks(key))
                        .push_bind(Json(&key.metadata))
                        .push_bind(expires_at)
                        .push_bind(key.active)
                        .push_bind(created_at);
                },
            );
            let inserted: Vec<(String, i64)> = insert
                .push(" ON CONFLICT DO NOTHING RETURNING name, id")
                .build_query_as()
                .fetch_all(&mut *connection)
                .await?;
            let mut ids: HashMap<String, i64> = inserted.into_iter().collect();
            let mut created = Vec::with_capacity(keys.len());
            for (key, secret) in keys {
                let Some(id) = ids.remove(&key.name) else {
                    return Err(match (key_named(connection, &key.name).await?, &key.technical_name) {
                        (None, Some(technical_name)) => Error::TechnicalNameTaken {
                            name: key.name.clone(),
                            technical_name: technical_name.clone(),
                        },
                        _ => Error::NameTaken { name: key.name.clone() },
                    });
                };
                created.push(KeyRecord {
                    id,
                    user_active: !archived.contains(&key.user),
                    hint: secret.hint.clone(),
                    created_at: from_millis(to_millis(key.created_at)?),
                    ..key.clone()
                });
            }

            let members: Vec<(&str, i64)> = created
                .iter()
                .flat_map(|key| key.groups.iter().map(|code| (code.as_str(), key.id)))
                .collect();
            for members in members.chunks(BATCH) {
                put_members(connection, members).await?;
            }
            let texts = created.iter().map(|key| (key.id, key.name.as_str()));
            add_texts(connection, texts.zip(keys.iter().map(|(_, secret)| secret))).await?;
            Ok(created)
        }

        async fn put_members(
            connection: &mut Connection,
            members: &[(&str, i64)],
        ) -> Result<(), Error> {
            let mut codes: Vec<&str> = members.iter().map(|(code, _)| *code).collect();
            codes.sort_unstable();
            codes.dedup();
            Query::new("INSERT INTO api_key_group (code) ")
                .push_values(codes, |mut row, code| {
                    row.push_bind(code);
                })
                .push(" ON CONFLICT DO NOTHING")
                .build()
                .execute(&mut *connection)
                .await?;
            Query::new(
                "INSERT INTO api_key_group_member (group_id, key_id)
                 SELECT g.id, v.column2 FROM (",
            )
            .push_values(members, |mut row, (code, key_id)| {
                row.push_bind(*code).push_bind(*key_id);
            })
            .push(") AS v JOIN api_key_group g ON g.code = v.column1")
            .push(" WHERE true ON CONFLICT DO NOTHING")
            .build()
            .execute(connection)
            .await?;
            Ok(())
        }

        /// Adds up to a batch of texts, of keys with these numbers and names.
        async fn add_texts<'a>(
            connection: &mut Connection,
            texts: impl Iterator<Item = ((i64, &'a str), &'a StoredSecret)> + Clone,
        ) -> Result<(), Error> {
            // Under another pepper the database itself cannot see that it is the same text.
            let others: Vec<(&str, &Digest)> = texts
                .clone()
                .flat_map(|((_, name), secret)| secret.others.iter().map(move |other| (name, other)))
                .collect();
            for others in others.chunks(BATCH) {
                for_held(connection, others).await?;
            }
            let mut insert = Query::new(
                "INSERT INTO api_key_secret (key_id, digest, pepper_version, hint) ",
            );
            insert.push_values(texts.clone(), |mut row, ((key_id, _), secret)| {
                row.push_bind(key_id)
                    .push_bind(secret.digest.as_bytes().as_slice())
                    .push_bind(i64::from(secret.pepper_version))
                    .push_bind(&secret.hint);
            });
            let added: Vec<i64> = insert
                .push(" ON CONFLICT DO NOTHING RETURNING key_id")
                .build_query_scalar()
                .fetch_all(&mut *connection)
                .await?;
            let added: HashSet<i64> = added.into_iter().collect();
            match texts.clone().find(|((key_id, _), _)| !added.contains(key_id)) {
                Some(((_, name), secret)) => for_held(connection, &[(name, &secret.digest)]).await,
                None => Ok(()),
            }
        }

        /// An error if one of these texts is there already.
        async fn for_held(
            connection: &mut Connection,
            texts: &[(&str, &Digest)],
        ) -> Result<(), Error> {
            let mut held = Query::new(
                "SELECT s.digest, k.name FROM api_key_secret s
                 JOIN api_key k ON k.id = s.key_id WHERE s.digest IN ",
            );
            push_list(&mut held, texts.iter().map(|(_, digest)| digest.as_bytes().to_vec()));
            let held: Option<(Vec<u8>, String)> =
                held.build_query_as().fetch_optional(connection).await?;
            let Some((digest, holder)) = held else {
                return Ok(());
            };
            let wanted = texts.iter().find(|(_, text)| text.as_bytes()[..] == digest);
            Err(Error::TextTaken {
                name: wanted.map_or("", |(name, _)| name).to_owned(),
                holder,
            })
        }

        async fn update(
            connection: &mut Connection,
            name: &str,
            update: &KeyUpdate,
        ) -> Result<Vec<KeyRecord>, Error> {
            let before = existing_key(connection, name).await?;
            let after = update.apply(before.clone())?;
            if after.name != before.name && key_named(connection, &after.name).await?.is_some() {
                return Err(Error::NameTaken { name: after.name });
            }
            let updated = sqlx::query(
                "UPDATE api_key
                 SET name = $1, technical_name = $2, networks = $3, metadata = $4, expires_at = $5
                 WHERE id = $6 AND NOT EXISTS
                     (SELECT 1 FROM api_key WHERE technical_name = $2 AND id <> $6)",
            )
            .bind(&after.name)
            .bind(&after.technical_name)
            .bind(networks(&after))
            .bind(Json(&after.metadata))
            .bind(after.expires_at.map(to_millis).transpose()?)
            .bind(after.id)
            .execute(connection)
            .await?;
            match (updated.rows_affected(), after.technical_name) {
                (0, Some(technical_name)) => Err(Error::TechnicalNameTaken {
                    name: after.name,
                    technical_name,
                }),
                (_, technical_name) => Ok(vec![KeyRecord { technical_name, ..after }]),
            }
        }

        async fn rotate(
            connection: &mut Connection,
            name: &str,
            secret: &StoredSecret,
            until: SystemTime,
        ) -> Result<Vec<KeyRecord>, Error> {
            let key = existing_key(connection, name).await?;
            sqlx::query(
                "UPDATE api_key_secret
                 SET valid_until = CASE WHEN valid_until < $1 THEN valid_until ELSE $1 END
                 WHERE key_id = $2",
            )
            .bind(to_millis(until)?)
            .bind(key.id)
            .execute(&mut *connection)
            .await?;
            sqlx::query("DELETE FROM api_key_secret WHERE key_id = $1 AND valid_until <= $2")
                .bind(key.id)
                .bind(to_millis(SystemTime::now())?)
                .execute(&mut *connection)
                .await?;
            add_texts(connection, std::iter::once(((key.id, name), secret))).await?;
            Ok(vec![existing_key(connection, name).await?])
        }

        async fn set_user_active(
            connection: &mut Connection,
            user: &str,
            active: bool,
        ) -> Result<Vec<KeyRecord>, Error> {
            let changed = sqlx::query("UPDATE api_key_user SET active = $1 WHERE id = $2")
                .bind(active)
                .bind(user)
                .execute(&mut *connection)
                .await?;
            if changed.rows_affected() == 0 {
                return Err(Error::NoSuchUser { user: user.to_owned() });
            }
            select(connection, |query| {
                query.push("k.user_id = ").push_bind(user);
            })
            .await
        }

        async fn existing_group(connection: &mut Connection, code: &str) -> Result<i64, Error> {
            let group: Option<i64> =
                sqlx::query_scalar("SELECT id FROM api_key_group WHERE code = $1")
                    .bind(code)
                    .fetch_optional(&mut *connection)
                    .await?;
            group.ok_or_else(|| Error::NoSuchGroup { code: code.to_owned() })
        }

        /// The keys in a group that must be there.
        async fn members(connection: &mut Connection, code: &str) -> Result<Vec<KeyRecord>, Error> {
            let group = existing_group(connection, code).await?;
            select(connection, |query| {
                query
                    .push("k.id IN (SELECT key_id FROM api_key_group_member WHERE group_id = ")
                    .push_bind(group)
                    .push(")");
            })
            .await
        }

        async fn set_member(
            connection: &mut Connection,
            group: &str,
            name: &str,
            member: bool,
        ) -> Result<Vec<KeyRecord>, Error> {
            let key = existing_key(connection, name).await?;
            let group_id = existing_group(connection, group).await?;
            if member {
                put_members(connection, &[(group, key.id)]).await?;
            } else {
                sqlx::query("DELETE FROM api_key_group_member WHERE key_id = $1 AND group_id = $2")
                    .bind(key.id)
                    .bind(group_id)
                    .execute(&mut *connection)
                    .await?;
            }
            Ok(vec![existing_key(connection, name).await?])
        }

        /// Makes a change whose transaction has begun.
        async fn make(
            connection: &mut Connection,
            change: &Change,
        ) -> Result<Vec<KeyRecord>, Error> {
            match change {
                Change::Create(keys) => {
                    let mut created = Vec::with_capacity(keys.len());
                    for keys in keys.chunks(BATCH) {
                        created.extend(create(connection, keys).await?);
                    }
                    Ok(created)
                }
                Change::Update { name, update: changed } => update(connection, name, changed).await,
                Change::Rotate { name, secret, until } => {
                    rotate(connection, name, secret, *until).await
                }
                Change::SetActive { name, active } => {
                    sqlx::query("UPDATE api_key SET active = $1 WHERE name = $2")
                        .bind(active)
                        .bind(name)
                        .execute(&mut *connection)
                        .await?;
                    Ok(vec![existing_key(connection, name).await?])
                }
                Change::Delete { name } => {
                    let key = existing_key(connection, name).await?;
                    sqlx::query("DELETE FROM api_key WHERE id = $1")
                        .bind(key.id)
                        .execute(connection)
                        .await?;
                    Ok(vec![key])
                }
                Change::SetUserActive { user, active } => {
                    set_user_active(connection, user, *active).await
                }
                Change::PutGroup { code, name } => {
                    sqlx::query(
                        "INSERT INTO api_key_group (code, name) VALUES ($1, $2)
                         ON CONFLICT (code) DO UPDATE SET name = excluded.name",
                    )
                    .bind(code)
                    .bind(name)
                    .execute(connection)
                    .await?;
                    Ok(Vec::new())
                }
                Change::DeleteGroup { code } => {
                    let members = members(connection, code).await?;
                    sqlx::query("DELETE FROM api_key_group WHERE code = $1")
                        .bind(code)
                        .execute(connection)
                        .await?;
                    Ok(members)
                }
                Change::SetMember { group, key, member } => {
                    set_member(connection, group, key, *member).await
                }
                Change::Neutralize => {
                    for statement in [
                        "UPDATE api_key SET active = FALSE",
                        "DELETE FROM api_key_secret",
                        "DELETE FROM api_key_pepper",
                    ] {
                        sqlx::query(statement).execute(&mut *connection).await?;
                    }
                    Ok(Vec::new())
                }
            }
        }

        impl KeyStore for $Store {
            fn find<'a>(
                &'a self,
                digests: &'a [Digest],
            ) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
                Box::pin(async move {
                    let mut query = Query::new(SELECT_KEY);
                    query.push(JOIN_TEXT).push("WHERE s.digest IN ");
                    push_list(&mut query, digests.iter().map(|digest| digest.as_bytes().as_slice()));
                    let found: Option<Found> =
                        query.build_query_as().fetch_optional(&self.lookups).await?;
                    Ok(found.map(|Found(mut record, valid_until)| {
                        record.expires_at =
                            [record.expires_at, valid_until].into_iter().flatten().min();
                        record
                    }))
                })
            }

            fn pepper_checks(&self) -> BoxFuture<'_, Result<Vec<PepperCheck>, Error>> {
                Box::pin(async move {
                    let rows: Vec<(i64, Vec<u8>, bool)> = sqlx::query_as(
                        "SELECT version, check_value, version IN (
                             SELECT pepper_version FROM api_key_secret
                             WHERE valid_until IS NULL OR valid_until > $1)
                         FROM api_key_pepper",
                    )
                    .bind(to_millis(SystemTime::now())?)
                    .fetch_all(&self.reads)
                    .await?;
                    let check = |(version, check, in_use): (i64, Vec<u8>, bool)| {
                        Ok(PepperCheck {
                            version: version.try_into().map_err(Error::store)?,
                            check: check.try_into().map_err(|_| {
                                Error::store("the check value of a pepper is not 32 bytes long")
                            })?,
                            in_use,
                        })
                    };
                    rows.into_iter().map(check).collect()
                })
            }

            fn add_pepper_checks<'a>(
                &'a self,
                checks: &'a [(u32, Digest)],
            ) -> BoxFuture<'a, Result<(), Error>> {
                Box::pin(async move {
                    Query::new("INSERT INTO api_key_pepper (version, check_value) ")
                        .push_values(checks, |mut row, (version, check)| {
                            row.push_bind(i64::from(*version))
                                .push_bind(check.as_bytes().as_slice());
                        })
                        .push(" ON CONFLICT DO NOTHING")
                        .build()
                        .execute(&self.writer)
                        .await?;
                    Ok(())
                })
            }

            fn watch(
                &self,
                bound: Duration,
            ) -> BoxFuture<'_, Result<Option<Box<dyn Watch>>, Error>> {
                Box::pin(async move {
                    let poll = POLL.min(bound / 4);
                    let watch: Box<dyn Watch> = Box::new(self.begin_watch(poll).await?);
                    Ok(Some(watch))
                })
            }

            fn change(&self, change: Change) -> BoxFuture<'_, Result<Vec<KeyRecord>, Error>> {
                Box::pin(async move {
                    let mut transaction = self.write().await?;
                    let keys = make(&mut transaction, &change).await?;
                    transaction.commit().await?;
                    Ok(keys)
                })
            }

            fn record_uses<'a>(
                &'a self,
                uses: &'a [(i64, SystemTime)],
            ) -> BoxFuture<'a, Result<(), Error>> {
                Box::pin(async move {
                    for uses in uses.chunks(BATCH) {
                        let uses = uses.iter().map(|(id, time)| Ok((*id, to_millis(*time)?)));
                        let uses = uses.collect::<Result<Vec<_>, Error>>()?;
                        Query::new(
                            "INSERT INTO api_key_use (key_id, used_at)
                             SELECT v.column1, v.column2 FROM (",
                        )
                        .push_values(uses, |mut row, (id, millis)| {
                            row.push_bind(id).push_bind(millis);
                        })
                        .push(concat!(
                            ") AS v JOIN api_key k ON k.id = v.column1 WHERE true ", $keep,
                            " ON CONFLICT (key_id) DO UPDATE SET used_at = excluded.used_at
                             WHERE api_key_use.used_at < excluded.used_at",
                        ))
                        .build()
                        .execute(&self.writer)
                        .await?;
                    }
                    Ok(())
                })
            }

            fn key<'a>(&'a self, name: &'a str) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
                Box::pin(async move {
                    key_named(&mut *self.reads.acquire().await?, name).await
                })
            }

            fn key_by_technical_name<'a>(
                &'a self,
                name: &'a str,
            ) -> BoxFuture<'a, Result<Option<KeyRecord>, Error>> {
                Box::pin(async move {
                    let mut connection = self.lookups.acquire().await?;
                    let named = select(&mut connection, |query| {
                        query.push("k.technical_name = ").push_bind(name);
                    });
                    Ok(named.await?.pop())
                })
            }

            fn keys(&self) -> BoxFuture<'_, Result<Vec<KeyRecord>, Error>> {
                Box::pin(async move {
                    let mut connection = self.reads.acquire().await?;
                    select(&mut connection, |query| {
                        query.push("true");
                    })
                    .await
                })
            }

            fn groups(&self) -> BoxFuture<'_, Result<Vec<Group>, Error>> {
                Box::pin(async move {
                    let rows: Vec<(String, String, Option<String>)> = sqlx::query_as(
                        "SELECT g.code, g.name, k.name FROM api_key_group g
                         LEFT JOIN api_key_group_member m ON m.group_id = g.id
                         LEFT JOIN api_key k ON k.id = m.key_id
                         ORDER BY g.code, k.name",
                    )
                    .fetch_all(&self.reads)
                    .await?;
                    let mut groups: Vec<Group> = Vec::new();
                    for (code, name, member) in rows {
                        if groups.last().is_none_or(|group| group.code != code) {
                            groups.push(Group::new(code, name, Vec::new()));
                        }
                        if let (Some(group), Some(member)) = (groups.last_mut(), member) {
                            group.members.push(member);
                        }
                    }
                    Ok(groups)
                })
            }
        }
    };
}

pub(super) use key_store_over_sql;

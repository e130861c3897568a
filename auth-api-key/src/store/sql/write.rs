//! Makes each kind of change, such as a rotation, in a transaction that has begun.

use std::collections::HashMap;

use sqlx::types::Json;

use super::super::{ACT, ACTED, require_trail};
use super::{
    read::{BATCH, Connection, Query, existing_key, key_named, push_list, select},
    rotation::{add_texts, end_texts, renew, rotate},
};
use crate::{
    error::StateError,
    key::{KeyRecord, KeyUpdate, StoredSecret, from_millis, to_millis},
    store::{error::DbResult, key_store::Change},
};

fn networks(key: &KeyRecord) -> Json<Vec<String>> {
    Json(key.networks.iter().map(ToString::to_string).collect())
}

/// Adds up to a batch of keys, with their users, groups and texts.
async fn create(
    connection: &mut Connection,
    keys: &[(KeyRecord, StoredSecret)],
) -> DbResult<Vec<KeyRecord>> {
    let mut users: Vec<&str> = keys.iter().map(|(key, _)| key.user.as_str()).collect();
    users.sort_unstable();
    users.dedup();
    put_users(connection, &users).await?;
    let mut archived = Query::new("SELECT id FROM api_key_user WHERE NOT active AND id IN ");
    push_list(&mut archived, users);
    let archived: Vec<String> = archived
        .build_query_scalar()
        .fetch_all(&mut *connection)
        .await?;

    let mut insert = Query::new(
        "INSERT INTO api_key (name, technical_name, user_id, networks, metadata,
                              expires_at, active, created_at, renewed_at) ",
    );
    let times = |(key, _): &(KeyRecord, _)| {
        let expires_at = key.expires_at.map(to_millis).transpose()?;
        let renewed_at = key.renewed_at.map(to_millis).transpose()?;
        Ok((expires_at, to_millis(key.created_at)?, renewed_at))
    };
    let times = keys.iter().map(times).collect::<DbResult<Vec<_>>>()?;
    insert.push_values(
        keys.iter().zip(times),
        |mut row, ((key, _), (expires_at, created_at, renewed_at))| {
            row.push_bind(&key.name)
                .push_bind(&key.technical_name)
                .push_bind(&key.user)
                .push_bind(networks(key))
                .push_bind(Json(&key.metadata))
                .push_bind(expires_at)
                .push_bind(key.active)
                .push_bind(created_at)
                .push_bind(renewed_at);
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
            return Err(
                match (key_named(connection, &key.name).await?, &key.technical_name) {
                    (None, Some(technical_name)) => StateError::TechnicalNameTaken {
                        name: key.name.clone(),
                        technical_name: technical_name.clone(),
                    }
                    .into(),
                    _ => StateError::NameTaken {
                        name: key.name.clone(),
                    }
                    .into(),
                },
            );
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

async fn put_users(connection: &mut Connection, users: &[&str]) -> DbResult<()> {
    Query::new("INSERT INTO api_key_user (id) ")
        .push_values(users, |mut row, user| {
            row.push_bind(*user);
        })
        .push(" ON CONFLICT DO NOTHING")
        .build()
        .execute(connection)
        .await?;
    Ok(())
}

async fn put_members(connection: &mut Connection, members: &[(&str, i64)]) -> DbResult<()> {
    let mut codes: Vec<&str> = members.iter().map(|(code, _)| *code).collect();
    codes.sort_unstable();
    codes.dedup();
    // Only missing groups: SQLite's triggers treat each inserted row as one that may replace another.
    Query::new("INSERT INTO api_key_group (code) SELECT v.column1 FROM (")
        .push_values(codes, |mut row, code| {
            row.push_bind(code);
        })
        .push(
            ") AS v WHERE NOT EXISTS (SELECT 1 FROM api_key_group WHERE code = v.column1)
             ON CONFLICT DO NOTHING",
        )
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

async fn update(
    connection: &mut Connection,
    name: &str,
    update: &KeyUpdate,
) -> DbResult<Vec<KeyRecord>> {
    let before = existing_key(connection, name).await?;
    let after = update.apply(before.clone())?;
    // Numbers in a row may have more digits than are read.
    let metadata_stays = before.metadata == after.metadata
        && before
            .damages
            .iter()
            .all(|damage| damage.column != "metadata");
    let metadata = (!metadata_stays).then_some(Json(&after.metadata));
    if after.name != before.name && key_named(connection, &after.name).await?.is_some() {
        return Err(StateError::NameTaken { name: after.name }.into());
    }
    put_users(connection, &[&after.user]).await?;
    let updated = sqlx::query(
        "UPDATE api_key
         SET name = $1, technical_name = $2, networks = $3, metadata = coalesce($4, metadata), expires_at = $5,
             user_id = $7, renewed_at = $8
         WHERE id = $6 AND NOT EXISTS
             (SELECT 1 FROM api_key WHERE technical_name = $2 AND id <> $6)",
    )
    .bind(&after.name)
    .bind(&after.technical_name)
    .bind(networks(&after))
    .bind(metadata)
    .bind(after.expires_at.map(to_millis).transpose()?)
    .bind(after.id)
    .bind(&after.user)
    .bind(after.renewed_at.map(to_millis).transpose()?)
    .execute(&mut *connection)
    .await?;
    if let (0, Some(technical_name)) = (updated.rows_affected(), &after.technical_name) {
        return Err(StateError::TechnicalNameTaken {
            name: after.name,
            technical_name: technical_name.clone(),
        }
        .into());
    }
    if before
        .damages
        .iter()
        .any(|damage| damage.column == "groups")
    {
        sqlx::query("DELETE FROM api_key_group_member WHERE key_id = $1")
            .bind(after.id)
            .execute(&mut *connection)
            .await?;
    }
    let removed = before.groups.iter().filter(|code| !after.in_group(code));
    let removed: Vec<&str> = removed.map(String::as_str).collect();
    for codes in removed.chunks(BATCH) {
        let mut delete = Query::new("DELETE FROM api_key_group_member WHERE key_id = ");
        delete
            .push_bind(after.id)
            .push(" AND group_id IN (SELECT id FROM api_key_group WHERE code IN ");
        push_list(&mut delete, codes.iter().copied());
        delete.push(")").build().execute(&mut *connection).await?;
    }
    let added = after.groups.iter().filter(|code| !before.in_group(code));
    let added: Vec<_> = added.map(|code| (code.as_str(), after.id)).collect();
    for members in added.chunks(BATCH) {
        put_members(connection, members).await?;
    }
    Ok(vec![existing_key(connection, &after.name).await?])
}

async fn set_user_active(
    connection: &mut Connection,
    user: &str,
    active: bool,
) -> DbResult<Vec<KeyRecord>> {
    let changed = sqlx::query("UPDATE api_key_user SET active = $1 WHERE id = $2")
        .bind(active)
        .bind(user)
        .execute(&mut *connection)
        .await?;
    if changed.rows_affected() == 0 {
        return Err(StateError::NoSuchUser {
            user: user.to_owned(),
        }
        .into());
    }
    let keys = select(connection, |query| {
        query.push("k.user_id = ").push_bind(user);
    });
    Ok(keys.await?)
}

async fn existing_group(connection: &mut Connection, code: &str) -> DbResult<i64> {
    let group: Option<i64> = sqlx::query_scalar("SELECT id FROM api_key_group WHERE code = $1")
        .bind(code)
        .fetch_optional(&mut *connection)
        .await?;
    group.ok_or_else(|| {
        StateError::NoSuchGroup {
            code: code.to_owned(),
        }
        .into()
    })
}

/// The keys in a group that must be there.
async fn members(connection: &mut Connection, code: &str) -> DbResult<Vec<KeyRecord>> {
    let group = existing_group(connection, code).await?;
    let keys = select(connection, |query| {
        query
            .push("k.id IN (SELECT key_id FROM api_key_group_member WHERE group_id = ")
            .push_bind(group)
            .push(")");
    });
    Ok(keys.await?)
}

async fn set_member(
    connection: &mut Connection,
    group: &str,
    name: &str,
    member: bool,
) -> DbResult<Vec<KeyRecord>> {
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

/// Makes a change whose transaction has begun, and says who acts. An error if the trail would miss it.
pub(super) async fn make_as(
    connection: &mut Connection,
    change: &Change,
    actor: Option<&str>,
) -> DbResult<Vec<KeyRecord>> {
    require_trail(connection).await?;
    sqlx::query(ACT)
        .bind(actor)
        .execute(&mut *connection)
        .await?;
    let made = make(connection, change).await?;
    for statement in ACTED {
        sqlx::query(*statement).execute(&mut *connection).await?;
    }
    Ok(made)
}

async fn make(connection: &mut Connection, change: &Change) -> DbResult<Vec<KeyRecord>> {
    match change {
        Change::Keeping { group, now, change } => {
            let members = members(connection, group).await?;
            change.require_another(group, &members, *now)?;
            Box::pin(make(connection, change)).await
        }
        Change::Create { keys, stored } => {
            let mut created = Vec::with_capacity(keys.len());
            for keys in keys.chunks(BATCH) {
                created.extend(create(connection, keys).await?);
                stored.add(keys.len());
            }
            Ok(created)
        }
        Change::Update {
            name,
            update: changed,
        } => update(connection, name, changed).await,
        Change::Rotate {
            name,
            secret,
            until,
            now,
            renewal,
        } => rotate(connection, name, secret, *until, *now, *renewal).await,
        Change::EndTexts {
            name,
            digest,
            others,
            until,
            now,
            renewal,
        } => {
            let key = existing_key(connection, name).await?;
            end_texts(connection, &key, digest, *others, *until, *now).await?;
            renew(connection, &key, *renewal).await?;
            Ok(vec![existing_key(connection, name).await?])
        }
        Change::SetActive { name, active } => {
            let key = existing_key(connection, name).await?;
            sqlx::query("UPDATE api_key SET active = $1 WHERE id = $2")
                .bind(active)
                .bind(key.id)
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
        Change::SetUserActive { user, active } => set_user_active(connection, user, *active).await,
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

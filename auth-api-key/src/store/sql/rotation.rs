//! Rotations: adds a text to a key, ends the others, and renews the key.

use std::{collections::HashSet, time::SystemTime};

use super::read::{BATCH, Connection, Query, existing_key, push_list};
use crate::{
    error::StateError,
    key::{Digest, KeyRecord, StoredSecret, to_millis},
    store::{error::DbResult, key_store::Renewal},
};

pub(super) async fn rotate(
    connection: &mut Connection,
    name: &str,
    secret: &StoredSecret,
    until: Option<SystemTime>,
    now: SystemTime,
    renewal: Option<Renewal>,
) -> DbResult<Vec<KeyRecord>> {
    let key = existing_key(connection, name).await?;
    if let Some(until) = until {
        end_texts(connection, &key, &secret.digest, true, until, now).await?;
    }
    renew(connection, &key, renewal).await?;
    add_texts(connection, std::iter::once(((key.id, name), secret))).await?;
    Ok(vec![existing_key(connection, name).await?])
}

/// Ends the text with a digest, or all others.
pub(super) async fn end_texts(
    connection: &mut Connection,
    key: &KeyRecord,
    digest: &Digest,
    others: bool,
    until: SystemTime,
    now: SystemTime,
) -> DbResult<()> {
    let until = key.expires_at.map_or(until, |end| end.min(until));
    sqlx::query(
        "UPDATE api_key_secret
         SET valid_until = CASE WHEN valid_until < $1 THEN valid_until ELSE $1 END
         WHERE key_id = $2 AND (digest = $3) <> $4",
    )
    .bind(to_millis(until)?)
    .bind(key.id)
    .bind(digest.as_bytes().as_slice())
    .bind(others)
    .execute(&mut *connection)
    .await?;
    sqlx::query("DELETE FROM api_key_secret WHERE key_id = $1 AND valid_until <= $2")
        .bind(key.id)
        .bind(to_millis(now)?)
        .execute(&mut *connection)
        .await?;
    Ok(())
}

pub(super) async fn renew(
    connection: &mut Connection,
    key: &KeyRecord,
    renewal: Option<Renewal>,
) -> DbResult<()> {
    if let Some(Renewal { at, expires_at }) = renewal {
        let renew = "UPDATE api_key SET expires_at = coalesce($1, expires_at), renewed_at = $2 WHERE id = $3";
        sqlx::query(renew)
            .bind(expires_at.map(to_millis).transpose()?)
            .bind(to_millis(at)?)
            .bind(key.id)
            .execute(&mut *connection)
            .await?;
    }
    Ok(())
}

/// Adds up to a batch of texts, of keys with these numbers and names.
pub(super) async fn add_texts<'a>(
    connection: &mut Connection,
    texts: impl Iterator<Item = ((i64, &'a str), &'a StoredSecret)> + Clone,
) -> DbResult<()> {
    // Under another pepper, the database cannot see that the text is the same.
    let others: Vec<(&str, &Digest)> = texts
        .clone()
        .flat_map(|((_, name), secret)| secret.others.iter().map(move |other| (name, other)))
        .collect();
    for others in others.chunks(BATCH) {
        for_held(connection, others).await?;
    }
    let mut insert =
        Query::new("INSERT INTO api_key_secret (key_id, digest, pepper_version, prefix, hint) ");
    insert.push_values(texts.clone(), |mut row, ((key_id, _), secret)| {
        row.push_bind(key_id)
            .push_bind(secret.digest.as_bytes().as_slice())
            .push_bind(i64::from(secret.pepper_version))
            .push_bind(Some(&secret.hint.prefix).filter(|prefix| !prefix.is_empty()))
            .push_bind(&secret.hint.last);
    });
    let added: Vec<i64> = insert
        .push(" ON CONFLICT DO NOTHING RETURNING key_id")
        .build_query_scalar()
        .fetch_all(&mut *connection)
        .await?;
    let added: HashSet<i64> = added.into_iter().collect();
    match texts
        .clone()
        .find(|((key_id, _), _)| !added.contains(key_id))
    {
        Some(((_, name), secret)) => for_held(connection, &[(name, &secret.digest)]).await,
        None => Ok(()),
    }
}

/// An error if one of these texts is there already.
async fn for_held(connection: &mut Connection, texts: &[(&str, &Digest)]) -> DbResult<()> {
    let mut held = Query::new(
        "SELECT s.digest, k.name FROM api_key_secret s
         JOIN api_key k ON k.id = s.key_id WHERE s.digest IN ",
    );
    push_list(
        &mut held,
        texts.iter().map(|(_, digest)| digest.as_bytes().to_vec()),
    );
    let held: Option<(Vec<u8>, String)> = held.build_query_as().fetch_optional(connection).await?;
    let Some((digest, holder)) = held else {
        return Ok(());
    };
    let wanted = texts.iter().find(|(_, text)| text.as_bytes()[..] == digest);
    Err(StateError::TextTaken {
        name: wanted.map_or("", |(name, _)| name).to_owned(),
        holder,
    }
    .into())
}

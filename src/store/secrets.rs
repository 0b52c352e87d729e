//! The secrets that sign tokens, which every server of one database shares.

use std::fmt;

use entities::signing_secret;
use sea_orm::{ActiveValue::Set, Condition, EntityTrait, QueryFilter, QueryOrder, sea_query::OnConflict};

use super::{Store, fault, retry};
use crate::domain::{KvError, Timestamp};

/// A secret that signed tokens, or signs them.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// Until when tokens that it signed are taken; none while it signs.
    pub retires_at: Option<Timestamp>,
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Secret").field("retires_at", &self.retires_at).finish_non_exhaustive()
    }
}

impl Store {
    /// The secrets whose tokens are taken at `now`, the newest first.
    ///
    /// # Errors
    /// [`KvError::Unavailable`] and [`KvError::Internal`].
    pub async fn signing_secrets(&self, now: Timestamp) -> Result<Vec<Secret>, KvError> {
        let taken = Condition::any()
            .add(signing_secret::COLUMN.retires_at.is_null())
            .add(signing_secret::COLUMN.retires_at.gt(now.micros()));
        let query = signing_secret::Entity::find().filter(taken).order_by_desc(signing_secret::COLUMN.id);
        let rows = retry::read(|| query.clone().all(&self.db)).await?;
        let secret = |row: signing_secret::Model| Secret {
            bytes: row.secret,
            retires_at: row.retires_at.map(Timestamp::from_micros),
        };
        Ok(rows.into_iter().map(secret).collect())
    }

    /// Enters `bytes` as the first secret; one that is there already stays.
    ///
    /// # Errors
    /// As [`Self::signing_secrets`].
    pub async fn first_secret(&self, bytes: Vec<u8>, now: Timestamp) -> Result<(), KvError> {
        let keep = OnConflict::column(signing_secret::Column::Id).do_nothing().to_owned();
        signing_secret::Entity::insert(row(1, bytes, now))
            .on_conflict(keep)
            .exec_without_returning(&self.db)
            .await
            .map_err(fault::classify)?;
        Ok(())
    }

    /// Enters `bytes` as the secret that signs; tokens of those before are taken until `end`.
    ///
    /// # Errors
    /// As [`Self::signing_secrets`].
    pub async fn rotate_secret(&self, bytes: Vec<u8>, now: Timestamp, end: Timestamp) -> Result<(), KvError> {
        let bytes = &bytes;
        self.change_identity(move |txn| async move {
            let txn = &*txn;
            let newest = signing_secret::Entity::find().order_by_desc(signing_secret::COLUMN.id).one(txn).await?;
            signing_secret::Entity::update_many()
                .set(signing_secret::ActiveModel { retires_at: Set(Some(end.micros())), ..Default::default() })
                .filter(signing_secret::COLUMN.retires_at.is_null())
                .exec(txn)
                .await?;
            let id = newest.map_or(1, |newest| newest.id + 1);
            signing_secret::Entity::insert(row(id, bytes.clone(), now)).exec_without_returning(txn).await?;
            Ok(())
        })
        .await
    }
}

fn row(id: i32, bytes: Vec<u8>, now: Timestamp) -> signing_secret::ActiveModel {
    signing_secret::ActiveModel { id: Set(id), secret: Set(bytes), created: Set(now.micros()), retires_at: Set(None) }
}

//! The secrets that sign tokens, which every server of one database shares.

use entities::signing_secret;
use sea_orm::{ActiveValue::Set, EntityTrait, QueryOrder, sea_query::OnConflict};

use super::{Store, fault};
use crate::domain::{KvError, Timestamp};

impl Store {
    /// The secret that signs, `fresh` where there was none: every server of one database agrees on it.
    ///
    /// # Errors
    /// [`KvError::Unavailable`] and [`KvError::Internal`].
    pub async fn signing_secret(&self, fresh: Vec<u8>, now: Timestamp) -> Result<Vec<u8>, KvError> {
        let row = signing_secret::ActiveModel {
            id: Set(1),
            secret: Set(fresh),
            created: Set(now.micros()),
            retires_at: Set(None),
        };
        let keep = OnConflict::column(signing_secret::Column::Id).do_nothing().to_owned();
        signing_secret::Entity::insert(row)
            .on_conflict(keep)
            .exec_without_returning(&self.db)
            .await
            .map_err(fault::classify)?;
        let newest = signing_secret::Entity::find()
            .order_by_desc(signing_secret::COLUMN.id)
            .one(&self.db)
            .await
            .map_err(fault::classify)?;
        newest.map(|row| row.secret).ok_or(KvError::NoSuchId { what: "signing secret" })
    }
}

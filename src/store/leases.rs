//! Tasks that only one server does at a time: whoever has the row, until it ends.

use entities::lease;
use sea_orm::{ActiveValue::Set, ColumnTrait, Condition, EntityTrait, QueryFilter, sea_query::OnConflict};
use uuid::Uuid;

use super::{Store, fault};
use crate::domain::{KvError, Timestamp};

impl Store {
    /// Takes the task `name` for `holder`, or keeps it, until `ends_at`; `false` where another has it.
    ///
    /// # Errors
    /// [`KvError::Unavailable`] and [`KvError::Internal`].
    pub async fn take_lease(&self, name: &str, holder: Uuid, ends_at: Timestamp) -> Result<bool, KvError> {
        let row =
            lease::ActiveModel { name: Set(name.to_owned()), holder: Set(holder), ends_at: Set(ends_at.micros()) };
        let free = Condition::any()
            .add(lease::COLUMN.holder.eq(holder))
            .add(lease::COLUMN.ends_at.lte(self.clock.now().micros()));
        let taken = lease::Entity::update_many()
            .set(row.clone())
            .filter(lease::COLUMN.name.eq(name))
            .filter(free)
            .exec(&self.db)
            .await
            .map_err(fault::classify)?;
        if taken.rows_affected > 0 {
            return Ok(true);
        }
        let keep = OnConflict::column(lease::Column::Name).do_nothing().to_owned();
        let made = lease::Entity::insert(row).on_conflict(keep).exec_without_returning(&self.db).await;
        Ok(made.map_err(fault::classify)? > 0)
    }

    /// Leaves a task to whoever comes next.
    ///
    /// # Errors
    /// As [`Self::take_lease`].
    pub async fn end_lease(&self, name: &str, holder: Uuid) -> Result<(), KvError> {
        lease::Entity::delete_many()
            .filter(lease::Column::Name.eq(name))
            .filter(lease::COLUMN.holder.eq(holder))
            .exec(&self.db)
            .await
            .map_err(fault::classify)?;
        Ok(())
    }
}

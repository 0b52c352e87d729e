//! Bringing the schema up to date, one server at a time.

use migration::{MigrationStatus, Migrator, MigratorTrait};
use sea_orm::{ConnectionTrait, DbErr};

use super::{Store, fault};
use crate::domain::KvError;

impl Store {
    /// Applies every step that is missing. Servers that start together wait for each other.
    ///
    /// # Errors
    /// [`KvError::Internal`] where a step fails; then none is applied.
    pub async fn migrate_up(&self) -> Result<(), KvError> {
        self.migrate(true).await.map_err(fault::classify)
    }

    /// Takes every step back. All data is lost.
    ///
    /// # Errors
    /// As [`Self::migrate_up`].
    pub async fn migrate_down(&self) -> Result<(), KvError> {
        self.migrate(false).await.map_err(fault::classify)
    }

    /// The steps by name, and whether each is applied. Changes nothing.
    ///
    /// # Errors
    /// [`KvError::Internal`].
    pub async fn migration_status(&self) -> Result<Vec<(String, bool)>, KvError> {
        let steps = Migrator::get_migration_with_status_read_only(&self.db).await.map_err(fault::classify)?;
        Ok(steps.iter().map(|step| (step.name().to_owned(), step.status() == MigrationStatus::Applied)).collect())
    }

    async fn migrate(&self, up: bool) -> Result<(), DbErr> {
        self.create_lock().await?;
        let txn = self.begin().await?;
        // Raw: a row to lock is all this table is; it has no entity and outlives every migration.
        txn.execute_unprepared("UPDATE migration_lock SET id = 1").await?;
        if up {
            Migrator::up(&txn, None).await?;
        } else {
            Migrator::down(&txn, None).await?;
        }
        txn.commit().await
    }

    /// Makes the row that orders migrators. Two servers may try at once; the later one is content.
    async fn create_lock(&self) -> Result<(), DbErr> {
        let create = "CREATE TABLE IF NOT EXISTS migration_lock (id integer PRIMARY KEY)";
        if let Err(error) = self.db.execute_unprepared(create).await {
            // PostgreSQL's IF NOT EXISTS can lose a race against itself; then the table is there.
            self.db.execute_unprepared("SELECT id FROM migration_lock").await.map_err(|_| error)?;
        }
        self.db.execute_unprepared("INSERT INTO migration_lock VALUES (1) ON CONFLICT DO NOTHING").await?;
        Ok(())
    }
}

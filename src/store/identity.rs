//! Changes of who may do what: one at a time, and counted, so that every server hears of them.

use std::sync::Arc;

use entities::identity_revision;
use sea_orm::{DatabaseTransaction, DbErr, EntityTrait, ExprTrait, QuerySelect, sea_query::Expr};

use super::{Store, fault, retry};
use crate::domain::KvError;

/// Why work in a transaction came to nothing.
pub(super) enum Refusal {
    /// A rule said no.
    Rule(KvError),
    /// The database did.
    Database(DbErr),
}

impl From<KvError> for Refusal {
    fn from(error: KvError) -> Self {
        Self::Rule(error)
    }
}

impl From<DbErr> for Refusal {
    fn from(error: DbErr) -> Self {
        Self::Database(error)
    }
}

impl Store {
    /// How many changes of identities there were.
    ///
    /// # Errors
    /// [`KvError::Unavailable`] and [`KvError::Internal`].
    pub async fn identity_revision(&self) -> Result<i64, KvError> {
        // Not `one`: its LIMIT is an operand, and SQLite plans a statement anew at each binding of that.
        let query = identity_revision::Entity::find().select_only().column(identity_revision::Column::Revision);
        let rows = retry::read(|| query.clone().into_tuple::<i64>().all(&self.db)).await?;
        rows.into_iter().next().ok_or_else(|| KvError::internal("the counter of identity changes is gone"))
    }

    /// Runs `work` in one transaction that also counts the change. The counter's row is the lock that
    /// orders all such changes; what the database aborts is run again.
    pub(super) async fn change_identity<T, F>(&self, work: impl Fn(Arc<DatabaseTransaction>) -> F) -> Result<T, KvError>
    where
        F: Future<Output = Result<T, Refusal>>,
    {
        let mut tries = retry::Tries::default();
        loop {
            match self.try_change(&work).await {
                Ok(done) => return Ok(done),
                Err(Refusal::Rule(error)) => return Err(error),
                // Even where the COMMIT was lost on its way: the work is such that twice is once, or refused.
                Err(Refusal::Database(error)) if fault::is_passing(&error) => {
                    tries.again(error).await.map_err(fault::classify)?;
                }
                Err(Refusal::Database(error)) => return Err(fault::classify(error)),
            }
        }
    }

    async fn try_change<T, F>(&self, work: &impl Fn(Arc<DatabaseTransaction>) -> F) -> Result<T, Refusal>
    where
        F: Future<Output = Result<T, Refusal>>,
    {
        let txn = Arc::new(self.begin().await?);
        let counted = Expr::col(identity_revision::Column::Revision).add(1);
        identity_revision::Entity::update_many()
            .col_expr(identity_revision::Column::Revision, counted)
            .exec(&*txn)
            .await?;
        let done = work(Arc::clone(&txn)).await?;
        let txn = Arc::into_inner(txn).ok_or_else(|| KvError::internal("work outlived its transaction"))?;
        txn.commit().await?;
        Ok(done)
    }
}

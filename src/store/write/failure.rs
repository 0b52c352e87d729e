//! Where a transaction failed.

use sea_orm::DbErr;

use crate::store::{fault, retry::Tries};

/// Where a transaction failed: once COMMIT is sent and no answer comes, nobody knows.
pub(super) enum Failure {
    Before(DbErr),
    AtCommit(DbErr),
}

impl Failure {
    /// Waits until the transaction may be run again.
    ///
    /// # Errors
    /// The failure itself, where another run could do harm or would be one too many.
    pub(super) async fn again(self, tries: &mut Tries) -> Result<(), DbErr> {
        match self {
            Self::Before(error) if fault::is_passing(&error) => tries.again(error).await,
            Self::AtCommit(error) if fault::is_aborted(&error) => tries.again(error).await,
            Self::Before(error) | Self::AtCommit(error) => Err(error),
        }
    }
}

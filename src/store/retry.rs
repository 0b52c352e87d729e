//! Trying again what the database gave up for reasons of its own (design.md, "What must hold", 8).

use std::time::Duration;

use sea_orm::DbErr;

use super::fault;
use crate::domain::KvError;

/// How often work that failed in passing is run again.
const RETRIES: u32 = 5;

/// The tries of one piece of work.
#[derive(Debug, Default)]
pub(super) struct Tries(u32);

impl Tries {
    /// Waits before the next try, twice as long each time; gives `error` back where there were enough.
    pub(super) async fn again<E: std::error::Error + 'static>(&mut self, error: E) -> Result<(), E> {
        if self.0 == RETRIES {
            return Err(error);
        }
        self.0 += 1;
        tracing::debug!(
            error = &error as &dyn std::error::Error,
            attempt = self.0,
            "the database gave up; trying again"
        );
        tokio::time::sleep(Duration::from_millis(10 << self.0)).await;
        Ok(())
    }
}

/// Runs `read`, and again where its connection was lost or the database gave way: it changes nothing,
/// so that running it twice is running it once.
pub(super) async fn read<T, F: Future<Output = Result<T, DbErr>>>(read: impl Fn() -> F) -> Result<T, KvError> {
    let mut tries = Tries::default();
    loop {
        // The ORM's futures are kilobytes large; unboxed, every caller's would be, up to the request's.
        match Box::pin(read()).await {
            Ok(found) => return Ok(found),
            Err(error) if fault::is_passing(&error) => tries.again(error).await.map_err(fault::classify)?,
            Err(error) => return Err(fault::classify(error)),
        }
    }
}

//! The secrets that sign this database's tokens.

use std::time::Duration;

use super::Service;
use crate::domain::KvError;

pub use crate::store::Secret;

impl Service {
    /// The secrets whose tokens are taken, the one that signs first; made at the first call.
    ///
    /// # Errors
    /// [`KvError::Internal`] where the machine has no randomness.
    pub async fn signing_secrets(&self) -> Result<Vec<Secret>, KvError> {
        let now = self.clock.now();
        let secrets = self.store.signing_secrets(now).await?;
        if !secrets.is_empty() {
            return Ok(secrets);
        }
        self.store.first_secret(fresh()?, now).await?;
        self.store.signing_secrets(now).await
    }

    /// Signs with a new secret from now on; tokens of those before are taken for `keep` more. For the operator
    /// of the server.
    ///
    /// # Errors
    /// [`KvError::Internal`] where the machine has no randomness.
    pub async fn rotate_secret(&self, keep: Duration) -> Result<(), KvError> {
        let now = self.clock.now();
        self.changed(self.store.rotate_secret(fresh()?, now, now.after(keep)).await)
    }
}

fn fresh() -> Result<Vec<u8>, KvError> {
    let mut bytes = vec![0; 32];
    getrandom::fill(&mut bytes).map_err(|error| KvError::internal(error.to_string()))?;
    Ok(bytes)
}

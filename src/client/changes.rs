//! The stream of changes.

use eventsource_stream::Eventsource;
use futures_util::{StreamExt, stream::BoxStream};
use serde::Deserialize;
use serde_json::json;

use super::{Client, ClientError, Pair};

/// One committed set or delete.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Change {
    pub(crate) revision: i64,
    /// `set` or `delete`.
    pub(crate) operation: String,
    pub(crate) namespace: String,
    pub(crate) key: String,
    pub(crate) version: i64,
    pub(crate) at: String,
    /// The pair as it is now; none where it is gone.
    pub(crate) key_value: Option<Pair>,
}

/// Changes in the order of their revisions. It ends where the server ends it, or where the connection breaks.
pub(crate) type Changes = BoxStream<'static, Result<Change, ClientError>>;

impl Client {
    /// The revision of the tenant's last committed write.
    ///
    /// # Errors
    /// [`ClientError`].
    pub(crate) async fn revision(&self) -> Result<i64, ClientError> {
        #[derive(Deserialize)]
        struct Data {
            key_value_revision: i64,
        }
        Ok(self.ask::<Data>("{ key_value_revision }", json!({})).await?.key_value_revision)
    }

    /// The changes of a namespace (`*` for all) after a revision.
    ///
    /// # Errors
    /// [`ClientError`].
    pub(crate) async fn changes(&self, namespace: Option<&str>, after: i64) -> Result<Changes, ClientError> {
        #[derive(Deserialize)]
        struct Data {
            key_value_changes: Change,
        }
        let query = "subscription($namespace: String, $after: Int!) {
            key_value_changes(namespace: $namespace, after_revision: $after) {
                revision operation namespace key version at
                key_value { id namespace key type version description created updated expires_at value }
            }
        }";
        let response = self.subscribe(query, json!({ "namespace": namespace, "after": after })).await?;
        let client = self.clone();
        let events = response.bytes_stream().eventsource().take_while(|event| {
            let more = event.as_ref().is_ok_and(|event| event.event != "complete");
            async move { more }
        });
        let changes = events.filter_map(move |event| {
            let change = event
                .ok()
                .filter(|event| event.event == "next")
                .map(|event| client.read::<Data>(200, &event.data).map(|data| data.key_value_changes));
            async move { change }
        });
        Ok(changes.boxed())
    }
}

//! Pairs: set, get, list, delete.

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{json, value::RawValue};

use super::{Client, ClientError, Refusal};
use crate::domain::{JsonText, Kind};

/// Most pairs of one request.
const PAIRS: usize = 100;

/// A pair as the server shows it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(crate) struct Pair {
    pub(crate) id: String,
    pub(crate) namespace: String,
    pub(crate) key: String,
    #[serde(rename = "type", deserialize_with = "kind")]
    pub(crate) kind: Kind,
    pub(crate) version: i64,
    pub(crate) description: Option<String>,
    pub(crate) created: String,
    pub(crate) updated: String,
    pub(crate) expires_at: Option<String>,
    /// Exact JSON; bytes as a string of base64.
    #[serde(deserialize_with = "exact")]
    pub(crate) value: JsonText,
}

const PAIR: &str = "id namespace key type version description created updated expires_at value";

fn kind<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Kind, D::Error> {
    String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
}

fn exact<'de, D: Deserializer<'de>>(deserializer: D) -> Result<JsonText, D::Error> {
    JsonText::from_raw(&Box::<RawValue>::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

/// When a pair ends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Expiry {
    /// At an instant, as ISO 8601 text.
    At(String),
    /// So long after it is written, as an ISO 8601 duration.
    Ttl(String),
}

/// What becomes of a pair's description.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Description {
    /// It stays as it is.
    Keep,
    /// It is this from now on, or none.
    Put(Option<String>),
}

/// A pair to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Draft {
    /// The token's own where none is given.
    pub(crate) namespace: Option<String>,
    pub(crate) key: String,
    /// The JSON's own where none is given.
    pub(crate) kind: Option<Kind>,
    pub(crate) value: JsonText,
    pub(crate) description: Description,
    pub(crate) expiry: Option<Expiry>,
    /// Writes only where the pair has this version, 0 for none.
    pub(crate) if_version: Option<i64>,
}

#[derive(Serialize)]
struct SetInput<'a> {
    key: &'a str,
    value: &'a RawValue,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none", rename = "type")]
    kind: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<&'a Option<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expires_at: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    if_version: Option<i64>,
}

#[derive(Serialize)]
struct Input<T> {
    input: T,
}

/// Which pairs to list.
#[derive(Debug, Clone, Default)]
pub(crate) struct Query {
    /// The token's own where none is given; `*` is every one.
    pub(crate) namespace: Option<String>,
    /// What their keys start with.
    pub(crate) prefix: String,
}

impl Client {
    /// Writes a pair; gives it as it is now.
    ///
    /// # Errors
    /// [`ClientError`], as of all verbs here.
    pub(crate) async fn set(&self, draft: &Draft) -> Result<Pair, ClientError> {
        #[derive(Deserialize)]
        struct Data {
            set_key_value: Payload,
        }
        #[derive(Deserialize)]
        struct Payload {
            key_value: Pair,
        }
        let value = RawValue::from_string(draft.value.as_str().to_owned()).map_err(|_| broken(self))?;
        let (ttl, expires_at) = match &draft.expiry {
            None => (None, None),
            Some(Expiry::Ttl(ttl)) => (Some(ttl.as_str()), None),
            Some(Expiry::At(end)) => (None, Some(end.as_str())),
        };
        let input = SetInput {
            key: &draft.key,
            value: &value,
            namespace: draft.namespace.as_deref(),
            kind: draft.kind.map(Kind::name),
            description: match &draft.description {
                Description::Keep => None,
                Description::Put(text) => Some(text),
            },
            ttl,
            expires_at,
            if_version: draft.if_version,
        };
        let query = format!(
            "mutation($input: set_key_value_input!) {{ set_key_value(input: $input) {{ key_value {{ {PAIR} }} }} }}"
        );
        let data: Data = self.ask(&query, Input { input }).await?;
        Ok(data.set_key_value.key_value)
    }

    /// The pair with this key, where there is one.
    pub(crate) async fn get(&self, namespace: Option<&str>, key: &str) -> Result<Option<Pair>, ClientError> {
        #[derive(Deserialize)]
        struct Data {
            key_value_by_key: Option<Pair>,
        }
        let query = format!(
            "query($key: String!, $namespace: String) {{ key_value_by_key(key: $key, namespace: $namespace) {{ {PAIR} }} }}"
        );
        let data: Data = self.ask(&query, json!({ "key": key, "namespace": namespace })).await?;
        Ok(data.key_value_by_key)
    }

    /// Those pairs of one namespace that have one of these keys; as many keys as a page holds.
    pub(crate) async fn get_all(&self, namespace: Option<&str>, keys: &[&str]) -> Result<Vec<Pair>, ClientError> {
        let mut found = Vec::with_capacity(keys.len());
        for keys in keys.chunks(PAIRS) {
            found.extend(self.page(namespace, json!({ "key": { "_in": keys } })).await?);
        }
        Ok(found)
    }

    /// The page of pairs after the pair `after`, by namespace and key; the last page is shorter than the others,
    /// or empty.
    pub(crate) async fn list(&self, query: &Query, after: Option<&Pair>) -> Result<Vec<Pair>, ClientError> {
        let starts = json!({ "key": { "_starts_with": query.prefix } });
        let condition = match after {
            None => starts,
            Some(Pair { key, namespace, .. }) if query.namespace.as_deref() == Some("*") => {
                let later = json!([
                    { "namespace": { "_gt": namespace } },
                    { "namespace": { "_eq": namespace }, "key": { "_gt": key } },
                ]);
                json!({ "_and": [starts, { "_or": later }] })
            }
            Some(Pair { key, .. }) => json!({ "key": { "_starts_with": query.prefix, "_gt": key } }),
        };
        self.page(query.namespace.as_deref(), condition).await
    }

    /// Every pair that `query` picks.
    pub(crate) async fn list_all(&self, query: &Query) -> Result<Vec<Pair>, ClientError> {
        let mut pairs: Vec<Pair> = Vec::new();
        loop {
            let page = self.list(query, pairs.last()).await?;
            if page.is_empty() {
                return Ok(pairs);
            }
            pairs.extend(page);
        }
    }

    async fn page(&self, namespace: Option<&str>, condition: serde_json::Value) -> Result<Vec<Pair>, ClientError> {
        #[derive(Deserialize)]
        struct Data {
            key_value: Vec<Pair>,
        }
        let query = format!(
            "query($namespace: String, $where: key_value_bool_exp!, $limit: Int!) {{ key_value(namespace: $namespace, \
             where: $where, limit: $limit, order_by: [{{namespace: asc}}, {{key: asc}}]) {{ {PAIR} }} }}"
        );
        let variables = json!({ "namespace": namespace, "where": condition, "limit": PAIRS });
        Ok(self.ask::<Data>(&query, variables).await?.key_value)
    }

    /// Gives a pair another key, with `force` in the place of a pair that has it; the pair as it is then.
    pub(crate) async fn rename(
        &self,
        namespace: Option<&str>,
        key: &str,
        new_key: &str,
        force: bool,
    ) -> Result<Pair, ClientError> {
        #[derive(Deserialize)]
        struct Data {
            rename_key_value: Payload,
        }
        #[derive(Deserialize)]
        struct Payload {
            key_value: Pair,
        }
        let query = format!(
            "mutation($input: rename_key_value_input!) {{ rename_key_value(input: $input) {{ key_value {{ {PAIR} }} }} }}"
        );
        let input = json!({ "key": key, "new_key": new_key, "namespace": namespace, "overwrite": force });
        Ok(self.ask::<Data>(&query, Input { input }).await?.rename_key_value.key_value)
    }

    /// Deletes the pair with this key; `false` where there is none.
    pub(crate) async fn delete(&self, namespace: Option<&str>, key: &str) -> Result<bool, ClientError> {
        let input = json!({ "key": key, "namespace": namespace });
        self.remove(input).await
    }

    /// Deletes the pair with this id; `false` where there is none any more.
    pub(crate) async fn delete_id(&self, id: &str) -> Result<bool, ClientError> {
        match self.remove(json!({ "key_value_id": id })).await {
            Err(error) if error.refusal() == Some(Refusal::NotFound) => Ok(false),
            other => other,
        }
    }

    async fn remove(&self, input: serde_json::Value) -> Result<bool, ClientError> {
        #[derive(Deserialize)]
        struct Data {
            delete_key_value: Payload,
        }
        #[derive(Deserialize)]
        struct Payload {
            success: bool,
        }
        let query = "mutation($input: delete_key_value_input!) { delete_key_value(input: $input) { success } }";
        Ok(self.ask::<Data>(query, Input { input }).await?.delete_key_value.success)
    }

    /// Deletes every pair of a namespace whose key starts with `prefix`, at once; how many there were.
    pub(crate) async fn delete_prefix(&self, namespace: Option<&str>, prefix: &str) -> Result<u64, ClientError> {
        #[derive(Deserialize)]
        struct Data {
            delete_key_values: Payload,
        }
        #[derive(Deserialize)]
        struct Payload {
            affected_rows: u64,
        }
        let query = "mutation($input: delete_key_values_input!) { delete_key_values(input: $input) { affected_rows } }";
        let input = json!({ "prefix": prefix, "namespace": namespace });
        Ok(self.ask::<Data>(query, Input { input }).await?.delete_key_values.affected_rows)
    }
}

/// A value that is no JSON: it cannot be sent.
fn broken(client: &Client) -> ClientError {
    ClientError::Refused { refusal: Refusal::Invalid, message: format!("the value for {} is no JSON", client.url()) }
}

//! Pairs to try filters on.

use uuid::Uuid;

use crate::domain::{Address, JsonText, Key, Namespace, Pair, TenantId, Timestamp, Value};

/// A pair that holds the JSON `value`; its instants and its id come from its version.
pub(super) fn pair(key: &str, value: &str, version: i64) -> Pair {
    Pair {
        id: Uuid::from_u128(u128::from(version.unsigned_abs())),
        tenant_id: TenantId(Uuid::from_u128(7)),
        address: Address { namespace: Namespace::home(), key: Key::new(key).expect(key) },
        value: Value::json(JsonText::parse(value).expect(value)),
        description: None,
        version,
        revision: version,
        expires_at: None,
        created: Timestamp::from_micros(version),
        updated: Timestamp::from_micros(version),
    }
}

/// The keys of `pairs`, in a row.
pub(super) fn keys(pairs: &[Pair]) -> String {
    pairs.iter().map(|pair| pair.address.key.as_str()).collect()
}

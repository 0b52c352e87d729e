//! What the store is about, free of any protocol, database or runtime.

pub mod address;
pub mod caller;
pub mod change;
pub mod clock;
pub mod entry;
pub mod error;
pub mod filter;
pub mod id;
pub mod json;
pub mod moment;
pub mod namespace;
pub mod pair;
pub mod permission;
pub mod span;
pub mod table;
pub mod tenant;
pub mod tier;
pub mod timestamp;
pub mod value;

pub use address::{Address, Key, Namespace};
pub use caller::{Caller, Identity, NamespacePattern, Scope, Session};
pub use change::{Change, Operation};
pub use clock::{Clock, SystemClock};
pub use entry::Entry;
pub use error::{Code, Fault, KvError};
pub use filter::{Column, Filter, Order, Selection};
pub use id::parse_uuid;
pub use json::{Json, JsonPath, JsonText};
pub use namespace::NamespaceInfo;
pub use pair::Pair;
pub use permission::{Permission, Role};
pub use span::Span;
pub use tenant::{Tenant, TenantId};
pub use tier::{Licence, Limits, Tier, Tiers};
pub use timestamp::Timestamp;
pub use value::{Kind, Value};

//! What the store is about, free of any protocol, database or runtime.

pub mod address;
pub mod caller;
pub mod change;
pub mod clock;
pub mod error;
pub mod filter;
pub mod id;
pub mod json;
pub mod moment;
pub mod namespace;
pub mod pair;
pub mod span;
pub mod tenant;
pub mod tier;
pub mod timestamp;
pub mod value;

pub use address::{Address, Key, Namespace};
pub use caller::{Caller, NamespacePattern, Permission, Role, Scope};
pub use change::{Change, Operation};
pub use clock::{Clock, SystemClock};
pub use error::{Code, Fault, KvError};
pub use filter::{Column, Filter, Order, Selection};
pub use id::parse_uuid;
pub use json::{Json, JsonPath, JsonText};
pub use namespace::NamespaceInfo;
pub use pair::Pair;
pub use span::Span;
pub use tenant::{Tenant, TenantId};
pub use tier::{Limits, Tier, Tiers};
pub use timestamp::Timestamp;
pub use value::{Kind, Value};

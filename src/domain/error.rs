//! Everything that can go wrong, in the store's own words.

use std::{borrow::Cow, sync::Arc};

use super::Permission;

/// What a failure means to a client; each door maps it once to its protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// There is no such thing, or it is another's.
    NotFound,
    /// It is there already, or changed meanwhile.
    Conflict,
    /// The request makes no sense as it is written.
    InvalidInput,
    /// A term of the licence tier would be passed.
    LimitExceeded,
    /// Too many requests in too short a time; trying later helps.
    RateLimited,
    /// No token, or one that does not count.
    Unauthenticated,
    /// The token does not allow this.
    Forbidden,
    /// A stream of changes cannot go on as it is; the message says from which revision it can.
    Resume,
    /// The database cannot answer at present; trying again may help.
    Unavailable,
    /// The server's fault.
    Internal,
}

/// What is wrong with a part of a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// An operand is of another type than its operator takes.
    Type,
    /// An operand's text writes no value of its type, or no pattern.
    Text,
    /// A pattern breaks off in the middle of an escape.
    Escape,
    /// The parts do not go together, or a number is out of range.
    Query,
}

/// A refusal or failure of the store.
///
/// Messages name limits, counts and what is allowed, never a client's own text: Prefect's client
/// searches messages for words (contract prefect.md, section 0).
#[derive(Debug, Clone, thiserror::Error)]
pub enum KvError {
    /// The key is the empty string.
    #[error("the key is empty; a key is 1 to 1024 bytes of text")]
    EmptyKey,
    /// The key is over the limit.
    #[error("the key is {size} bytes long, at most {limit} are allowed")]
    KeyTooLong {
        /// The key's bytes.
        size: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// The namespace is not a dotted name.
    #[error(
        "the namespace is not a dotted name: segments of letters, digits, '_' and '-', joined by '.', at most 255 bytes"
    )]
    BadNamespace,
    /// The text is not JSON.
    #[error("the value is not a JSON document (line {line}, column {column})")]
    BadJson {
        /// Line of the fault, from 1.
        line: usize,
        /// Column of the fault, from 1.
        column: usize,
    },
    /// Arrays and objects nest too deep.
    #[error("the value nests arrays and objects more than {limit} deep")]
    JsonTooDeep {
        /// Levels allowed.
        limit: usize,
    },
    /// No such value type.
    #[error("unknown type; a pair's type is STRING, NUMBER, BOOLEAN, DATETIME, DATE, DURATION, JSON or BINARY")]
    UnknownKind,
    /// A request that makes no sense; the message says why.
    #[error("{0}")]
    Invalid(String),
    /// A part of a query that cannot be used; the message says why.
    #[error("{message}")]
    BadQuery {
        /// What kind of fault it is.
        fault: Fault,
        /// The sentence for the client.
        message: Cow<'static, str>,
    },
    /// The value is over the tier's limit.
    #[error("the value is {size} bytes of compact JSON, the {tier} tier allows {limit}")]
    ValueTooLarge {
        /// The value's bytes.
        size: usize,
        /// Bytes allowed.
        limit: usize,
        /// The tier's name.
        tier: Arc<str>,
    },
    /// The tenant is full.
    #[error("the tenant holds {held} pairs, the {tier} tier allows {limit}")]
    TooManyPairs {
        /// Live pairs at present.
        held: u64,
        /// Pairs allowed.
        limit: u64,
        /// The tier's name.
        tier: Arc<str>,
    },
    /// The licence has no room for one more tenant.
    #[error("there are {held} tenants under this licence, the {tier} tier allows {limit}")]
    TooManyTenants {
        /// Tenants at present.
        held: u64,
        /// Tenants allowed.
        limit: u64,
        /// The tier's name.
        tier: Arc<str>,
    },
    /// The tenant asks too often.
    #[error("the {tier} tier allows {limit} requests per minute; go on in {seconds} s")]
    TooManyRequests {
        /// Requests allowed in a minute.
        limit: u64,
        /// The tier's name.
        tier: Arc<str>,
        /// When the next minute begins.
        seconds: u64,
    },
    /// Nobody could manage the tenant any more.
    #[error("this is the tenant's last administrator; make someone else one first")]
    LastAdministrator,
    /// No such tier in the configuration.
    #[error("unknown licence tier; this server has: {known}")]
    UnknownTier {
        /// The tiers there are.
        known: String,
    },
    /// Nothing has this id here.
    #[error("no {what} has this id")]
    NoSuchId {
        /// What was looked for.
        what: &'static str,
    },
    /// Nothing is at this address.
    #[error("there is no key-value pair with this key in the namespace")]
    NoSuchKey,
    /// No such namespace.
    #[error("there is no namespace with this name")]
    NoSuchNamespace,
    /// A namespace is not deleted with what is in it, unless that is asked for.
    #[error("the namespace holds {pairs} pairs; with \"force\" they are deleted with it")]
    NotEmpty {
        /// The live pairs in it.
        pairs: u64,
    },
    /// The name is taken.
    #[error("this {what} exists already")]
    AlreadyExists {
        /// What exists.
        what: &'static str,
    },
    /// The pair is not what a conditional write expects.
    #[error("the key-value pair is not as expected, its version is {version}; nothing was written")]
    Changed {
        /// The pair's version at present; 0 where there is none.
        version: i64,
    },
    /// No token, or one that does not count. One sentence per cause a client can mend.
    #[error("{0}")]
    Unauthenticated(&'static str),
    /// The token lacks a permission.
    #[error("the token lacks the permission {0}")]
    Forbidden(Permission),
    /// The token does not reach the namespace.
    #[error("the token does not reach this namespace")]
    ForbiddenNamespace,
    /// The log of changes does not reach back so far.
    #[error(
        "the changes after revision {after} are no longer kept; read the pairs again and go on from revision {now}"
    )]
    ChangesGone {
        /// Where the reader wanted to start.
        after: i64,
        /// The tenant's revision at present.
        now: i64,
    },
    /// A reader of changes fell behind.
    #[error("the reader is too slow for the changes; go on with after_revision {after}")]
    SlowReader {
        /// The last revision that was passed on, or passed over.
        after: i64,
    },
    /// The database does not answer at present.
    #[error("the database cannot answer at present; try again")]
    Unavailable(#[source] Arc<dyn std::error::Error + Send + Sync>),
    /// The server's fault; the source is logged, never shown.
    #[error("internal error")]
    Internal(#[source] Arc<dyn std::error::Error + Send + Sync>),
}

impl KvError {
    /// Wraps a fault of the server.
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::Internal(source.into().into())
    }

    /// The refusal of a part of a query.
    pub fn bad_query(fault: Fault, message: impl Into<Cow<'static, str>>) -> Self {
        Self::BadQuery { fault, message: message.into() }
    }

    /// What the failure means to a client.
    #[must_use]
    pub fn code(&self) -> Code {
        match self {
            Self::EmptyKey
            | Self::KeyTooLong { .. }
            | Self::BadNamespace
            | Self::BadJson { .. }
            | Self::JsonTooDeep { .. }
            | Self::UnknownKind
            | Self::UnknownTier { .. }
            | Self::Invalid(_)
            | Self::BadQuery { .. } => Code::InvalidInput,
            Self::ValueTooLarge { .. } | Self::TooManyPairs { .. } | Self::TooManyTenants { .. } => Code::LimitExceeded,
            Self::TooManyRequests { .. } => Code::RateLimited,
            Self::NoSuchId { .. } | Self::NoSuchKey | Self::NoSuchNamespace => Code::NotFound,
            Self::AlreadyExists { .. } | Self::Changed { .. } | Self::NotEmpty { .. } | Self::LastAdministrator => {
                Code::Conflict
            }
            Self::ChangesGone { .. } | Self::SlowReader { .. } => Code::Resume,
            Self::Unauthenticated(_) => Code::Unauthenticated,
            Self::Forbidden(_) | Self::ForbiddenNamespace => Code::Forbidden,
            Self::Unavailable(_) => Code::Unavailable,
            Self::Internal(_) => Code::Internal,
        }
    }
}

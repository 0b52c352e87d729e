//! What can go wrong between the command line and a server.

/// What a server's refusal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// There is no such thing.
    NotFound,
    /// It is there already, or changed meanwhile.
    Conflict,
    /// The request makes no sense.
    Invalid,
    /// A limit of the tenant or the server would be passed.
    Limit,
    /// No token, or one that does not count.
    Unauthenticated,
    /// The token does not allow this.
    Forbidden,
    /// A stream cannot go on from where it was asked to.
    Resume,
    /// The server's fault, or nothing that is known here.
    Server,
}

impl Refusal {
    /// The meaning of an `extensions.code`.
    pub(super) fn of(code: &str) -> Self {
        match code {
            "NOT_FOUND" => Self::NotFound,
            "CONFLICT" => Self::Conflict,
            "BAD_USER_INPUT" | "validation-failed" | "parse-failed" | "data-exception" | "bad-request" => Self::Invalid,
            "LIMIT_EXCEEDED" | "RATE_LIMITED" => Self::Limit,
            "UNAUTHENTICATED" => Self::Unauthenticated,
            "FORBIDDEN" => Self::Forbidden,
            "RESUME" => Self::Resume,
            _ => Self::Server,
        }
    }
}

/// Why a request has no answer that could be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ClientError {
    /// The address makes no sense.
    #[error("the server's address {0:?} is no URL; it reads like http://127.0.0.1:4200")]
    BadAddress(String),
    /// Nobody answered.
    #[error(
        "no answer from {url} ({reason}); is a Highwater server running there? --url or HIGHWATER_URL names another"
    )]
    Unreachable {
        /// The server's address.
        url: String,
        /// The innermost cause.
        reason: String,
    },
    /// Somebody answered who does not speak GraphQL.
    #[error("{url} answers HTTP {status}, but not as a Highwater server does; is the address right?")]
    Stranger {
        /// The server's address.
        url: String,
        /// The status of the answer.
        status: u16,
    },
    /// The server refused, in its own words.
    #[error("{message}")]
    Refused {
        /// What it means.
        refusal: Refusal,
        /// The sentence.
        message: String,
    },
}

impl ClientError {
    /// What the server meant; none where it did not answer.
    pub(crate) fn refusal(&self) -> Option<Refusal> {
        match self {
            Self::Refused { refusal, .. } => Some(*refusal),
            Self::BadAddress(_) | Self::Unreachable { .. } | Self::Stranger { .. } => None,
        }
    }
}

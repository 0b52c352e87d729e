//! How a command ends: one table of exit codes for all of them.

use std::{fmt, io, process::ExitCode};

use crate::{
    client::{ClientError, Refusal},
    domain::{Code, KvError},
};

/// The exit codes, as `highwater help` and docs/cli.md tell them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Exit {
    /// It failed.
    Failed = 1,
    /// It was not asked for in a way that makes sense; clap's own code too.
    Usage = 2,
    /// There is no such pair.
    NotFound = 3,
    /// The token is missing, does not count, or does not allow it.
    Forbidden = 4,
    /// A limit would be passed.
    Limit = 5,
    /// The pair is there already, or changed meanwhile.
    Conflict = 6,
}

/// A failure with an exit code of its own.
#[derive(Debug)]
pub(super) struct Failure {
    exit: Exit,
    message: String,
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// The failure with this code and sentence.
pub(super) fn failure(exit: Exit, message: impl Into<String>) -> anyhow::Error {
    Failure { exit, message: message.into() }.into()
}

/// The code that a command ends with after this error.
#[must_use]
pub fn code(error: &anyhow::Error) -> ExitCode {
    if is_closed_pipe(error) { ExitCode::SUCCESS } else { ExitCode::from(exit(error) as u8) }
}

/// Whether nobody reads on: `highwater kv list | head` is no failure.
pub(super) fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| cause.downcast_ref().is_some_and(|it: &io::Error| it.kind() == io::ErrorKind::BrokenPipe))
}

/// The meaning of an error, by the first of its causes that has one.
pub(super) fn exit(error: &anyhow::Error) -> Exit {
    let of = |cause: &(dyn std::error::Error + 'static)| {
        cause
            .downcast_ref::<Failure>()
            .map(|it| it.exit)
            .or_else(|| cause.downcast_ref::<ClientError>().map(of_client))
            .or_else(|| cause.downcast_ref::<KvError>().map(of_domain))
    };
    error.chain().find_map(of).unwrap_or(Exit::Failed)
}

fn of_client(error: &ClientError) -> Exit {
    match error {
        ClientError::BadAddress(_) => Exit::Usage,
        ClientError::Unreachable { .. } | ClientError::Stranger { .. } => Exit::Failed,
        ClientError::Refused { refusal, .. } => match refusal {
            Refusal::NotFound => Exit::NotFound,
            Refusal::Conflict => Exit::Conflict,
            Refusal::Invalid => Exit::Usage,
            Refusal::Limit => Exit::Limit,
            Refusal::Unauthenticated | Refusal::Forbidden => Exit::Forbidden,
            Refusal::Resume | Refusal::Server => Exit::Failed,
        },
    }
}

fn of_domain(error: &KvError) -> Exit {
    match error.code() {
        Code::NotFound => Exit::NotFound,
        Code::Conflict => Exit::Conflict,
        Code::InvalidInput => Exit::Usage,
        Code::LimitExceeded | Code::RateLimited => Exit::Limit,
        Code::Unauthenticated | Code::Forbidden => Exit::Forbidden,
        Code::Resume | Code::Unavailable | Code::Internal => Exit::Failed,
    }
}

/// What to do about an error, where there is something beyond what it says.
pub(super) fn advice(error: &anyhow::Error) -> Option<&'static str> {
    let refusal = error.chain().find_map(|cause| cause.downcast_ref::<ClientError>()?.refusal())?;
    (refusal == Refusal::Unauthenticated)
        .then_some("`highwater login` stores a token; HIGHWATER_TOKEN names one for this shell")
}

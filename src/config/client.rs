//! What the command line's client takes from the environment.

use std::path::PathBuf;

/// An address and the token for it, from one source: a token never goes to another's address.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Access {
    /// The server's address, as it was written.
    pub url: Option<String>,
    /// The token.
    pub token: Option<String>,
    /// The tenant to act in, where the token's user has many.
    pub tenant: Option<String>,
}

/// What the command line's client takes from the environment.
#[derive(Clone, Default)]
pub struct ClientEnvironment {
    /// `HIGHWATER_URL` and `HIGHWATER_TOKEN`.
    pub own: Access,
    /// `HIGHWATER_PROFILE`.
    pub profile: Option<String>,
    /// `PREFECT__CLOUD__API`, `PREFECT__CLOUD__API_KEY` and `PREFECT__CLOUD__TENANT_ID` (contract prefect.md, section 1).
    pub prefect: Access,
    /// `PROMINENCE_URL` and `PROMINENCE_TOKEN` (contract prominence.md, section 3).
    pub prominence: Access,
    /// The folder of a person's settings: `XDG_CONFIG_HOME`, or `.config` in `HOME`.
    pub folder: Option<PathBuf>,
    /// The program that edits text: `VISUAL`, or `EDITOR`.
    pub editor: Option<String>,
}

impl ClientEnvironment {
    /// Reads the environment. Empty variables count as absent.
    #[must_use]
    pub fn read() -> Self {
        let access = |url, token, tenant| Access { url: var(url), token: var(token), tenant: var(tenant) };
        Self {
            own: access("HIGHWATER_URL", "HIGHWATER_TOKEN", ""),
            profile: var("HIGHWATER_PROFILE"),
            prefect: access("PREFECT__CLOUD__API", "PREFECT__CLOUD__API_KEY", "PREFECT__CLOUD__TENANT_ID"),
            prominence: access("PROMINENCE_URL", "PROMINENCE_TOKEN", ""),
            folder: var("XDG_CONFIG_HOME")
                .map(PathBuf::from)
                .or_else(|| var("HOME").map(|home| PathBuf::from(home).join(".config"))),
            editor: var("VISUAL").or_else(|| var("EDITOR")),
        }
    }
}

fn var(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "config/ is the only place that knows environment names")]
    let value = (!name.is_empty()).then(|| std::env::var(name).ok()).flatten();
    value.filter(|value| !value.is_empty())
}

//! What a request asks about: who asks, which key, which flags.

use std::sync::Arc;

use axum::{
    extract::{FromRequestParts, OriginalUri},
    http::{header, request::Parts},
};
use percent_encoding::percent_decode_str;

use super::{BASES, Door, error::Refusal};
use crate::{
    auth::Credentials,
    domain::{Address, Caller, Key},
};

/// Who asks, and what the address of the request says.
pub(super) struct Asked {
    pub(super) caller: Caller,
    /// The key, or the start of keys: the path after `/kv/`, without the slashes it begins with.
    pub(super) text: String,
    pub(super) flags: Flags,
}

/// The query string. A flag counts by being there: `?list=false` lists.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Flags {
    pub(super) list: bool,
    pub(super) values: bool,
    pub(super) prefix: bool,
    /// The text that the value has to have.
    pub(super) prev: Option<String>,
}

impl FromRequestParts<Arc<Door>> for Asked {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, door: &Arc<Door>) -> Result<Self, Refusal> {
        let authorization = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let address = parts.extensions.get().copied();
        let caller = door.authenticator.caller(Credentials { authorization, tenant: None, address }).await?;
        let uri = parts.extensions.get::<OriginalUri>().map_or(&parts.uri, |original| &original.0);
        Ok(Self { caller, text: key(uri.path()), flags: Flags::of(uri.query().unwrap_or_default()) })
    }
}

impl Asked {
    /// Where the pair lives.
    pub(super) fn address(&self) -> Result<Address, Refusal> {
        if self.text.is_empty() {
            return Err(Refusal::nothing_here());
        }
        Ok(Address { namespace: self.caller.home.clone(), key: Key::new(self.text.clone())? })
    }
}

impl Flags {
    fn of(query: &str) -> Self {
        let mut flags = Self::default();
        for (name, value) in form_urlencoded::parse(query.as_bytes()) {
            match &*name {
                "list" => flags.list = true,
                "values" => flags.values = true,
                "prefix" => flags.prefix = true,
                "prev" => flags.prev = Some(flags.prev.take().unwrap_or_else(|| value.into_owned())),
                _ => {}
            }
        }
        flags
    }
}

/// The key that a path names: decoded once, slashes inside it kept. Those it begins with are not part
/// of it; the real client sends one with `kv set /a` and `kv get /a`, and none with `kv delete /a`.
fn key(path: &str) -> String {
    let rest = BASES.iter().find_map(|base| path.strip_prefix(base)).unwrap_or_default();
    percent_decode_str(rest.trim_start_matches('/')).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_decoded_once_and_loses_only_the_slashes_it_begins_with() {
        for (path, text) in [
            ("/kv/a/b", "a/b"),
            ("/prominence/v1/kv/a", "a"),
            ("/kv//a//b/", "a//b/"),
            ("/kv///", ""),
            ("/kv/a%2Fb", "a/b"),
            ("/kv/%2Fa", "/a"),
            ("/kv/a%252Fb", "a%2Fb"),
            ("/kv/a+b%20c", "a+b c"),
            ("/kv/%3F%23", "?#"),
            ("/kv/../.", "../."),
            ("/kv/%FF", "\u{fffd}"),
            ("/kv/%00", "\0"),
            ("/kv/%zz", "%zz"),
        ] {
            assert_eq!(key(path), text, "{path}");
        }
    }

    #[test]
    fn a_flag_counts_by_being_there() {
        for query in ["list", "list=", "list=false", "x=1&list=0&y"] {
            assert_eq!(Flags::of(query), Flags { list: true, ..Flags::default() });
        }
        assert_eq!(Flags::of("prev=").prev.as_deref(), Some(""));
        assert_eq!(Flags::of("prev=a%20b+c&prev=d").prev.as_deref(), Some("a b c"));
        assert_eq!(Flags::of("List&prefixes"), Flags::default());
    }
}

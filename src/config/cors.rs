//! Which other sites' pages may talk to the server.

use serde::Deserialize;

/// Which other sites' pages may talk to the server.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cors {
    /// Their origins, as a browser writes them.
    pub origins: Vec<String>,
}

impl Cors {
    /// A browser compares origins letter by letter: one written otherwise would never match.
    pub(super) fn validate(&self) -> Result<(), String> {
        if self.origins.iter().all(|origin| is_origin(origin)) {
            return Ok(());
        }
        Err("cors.origins must be origins as browsers write them, such as https://app.example.com or \
             http://localhost:5173: in lower case, without a path, and none of them *"
            .to_owned())
    }
}

fn is_origin(origin: &str) -> bool {
    let rest = origin.strip_prefix("https://").or_else(|| origin.strip_prefix("http://")).unwrap_or_default();
    let (host, port) = match rest.rsplit_once(':') {
        Some((host, port)) if !port.contains(']') => (host, Some(port)),
        _ => (rest, None),
    };
    let in_host =
        |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '.' | '-' | '_' | ':' | '[' | ']');
    !host.is_empty() && host.chars().all(in_host) && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn origins_are_written_as_browsers_write_them() {
        for good in ["https://app.example.com", "http://localhost:5173", "http://[::1]:80", "http://[::1]"] {
            assert!(is_origin(good), "{good}");
        }
        let bad = ["*", "null", "", "app.example.com", "https://", "https://A.example.com", "https://a/", "http://a:x"];
        for bad in bad.into_iter().chain(["ftp://a", "https://*.example.com", "https://a b"]) {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}

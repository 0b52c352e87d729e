//! The pages built from `ui/`, with all that they load: inside the binary, so that they need no other host.

use std::io::Read;

use axum::{
    extract::Path,
    http::{HeaderMap, HeaderName, StatusCode, header},
    response::{IntoResponse, Response},
};
use flate2::read::GzDecoder;
use include_dir::{Dir, include_dir};

use super::page::not_found;

/// Pages by their names; everything else as `NAME.gz`.
static FILES: Dir<'_> = include_dir!("$OUT_DIR/ui");

/// Nothing from elsewhere, nothing inline, no frame; and no text becomes a script, whatever a pair holds.
const STRICT: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; \
    connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
    require-trusted-types-for 'script'; trusted-types 'none'";

/// For GraphiQL, the viewer of `/openapi`, and all that is loaded: a worker obeys the policy that came with its own script.
///
/// Styles may be inline because Monaco, the editor, writes its colours into `<style>` elements as it goes. Its icons,
/// and the fonts of GraphiQL, are in their style sheets: `data:`.
const EDITOR: &str = "default-src 'none'; script-src 'self'; worker-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' data:; font-src 'self' data:; connect-src 'self'; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What every file carries, with its policy.
const fn safe(policy: &'static str) -> [(HeaderName, &'static str); 3] {
    [
        (header::CONTENT_SECURITY_POLICY, policy),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
    ]
}

/// A name stands for one version of a page or a text, and must be asked for again.
const FRESH: &str = "no-cache";

/// The name of an asset has a hash of what is in it: it never changes.
const FOREVER: &str = "public, max-age=31536000, immutable";

/// `GET /`: the page that manages pairs.
pub(super) async fn index() -> Response {
    page("index.html", STRICT)
}

/// `GET /graphiql`.
pub(super) async fn graphiql() -> Response {
    page("graphiql.html", EDITOR)
}

/// `GET /openapi`: `/openapi.json` for people.
pub(super) async fn openapi() -> Response {
    page("openapi.html", EDITOR)
}

/// `GET /licenses.md`: of everything that the pages' scripts were made from.
pub(super) async fn licenses(headers: HeaderMap) -> Response {
    packed("licenses.md", FRESH, &headers)
}

/// `GET /assets/NAME`: scripts, styles, fonts.
pub(super) async fn asset(Path(name): Path<String>, headers: HeaderMap) -> Response {
    packed(&format!("assets/{name}"), FOREVER, &headers)
}

fn page(name: &str, policy: &'static str) -> Response {
    match FILES.get_file(name) {
        Some(file) => (safe(policy), described(name, FRESH), file.contents()).into_response(),
        None => not_found(),
    }
}

/// A file that is kept as gzip, unpacked where the client does not say that it takes that.
fn packed(name: &str, cache: &'static str, headers: &HeaderMap) -> Response {
    let Some(file) = FILES.get_file(format!("{name}.gz")) else { return not_found() };
    let head = (safe(EDITOR), described(name, cache), [(header::VARY, "Accept-Encoding")]);
    if takes_gzip(headers) {
        return (head, [(header::CONTENT_ENCODING, "gzip")], file.contents()).into_response();
    }
    let mut plain = Vec::new();
    match GzDecoder::new(file.contents()).read_to_end(&mut plain) {
        Ok(_) => (head, plain).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn described(name: &str, cache: &'static str) -> [(HeaderName, &'static str); 2] {
    let media = match name.rsplit('.').next() {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        Some("md") => "text/markdown; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("ttf") => "font/ttf",
        Some("woff2") => "font/woff2",
        _ => "application/octet-stream",
    };
    [(header::CONTENT_TYPE, media), (header::CACHE_CONTROL, cache)]
}

/// Whether `Accept-Encoding` names gzip, and not only to refuse it.
fn takes_gzip(headers: &HeaderMap) -> bool {
    let named = headers.get_all(header::ACCEPT_ENCODING).iter().filter_map(|value| value.to_str().ok());
    named.flat_map(|codings| codings.split(',')).any(|coding| {
        let mut parts = coding.split(';').map(str::trim);
        let weight = |part: &str| part.strip_prefix("q=").and_then(|weight| weight.parse::<f32>().ok());
        parts.next().is_some_and(|name| name.eq_ignore_ascii_case("gzip"))
            && parts.find_map(weight).is_none_or(|weight| weight > 0.0)
    })
}

//! Media types: which one an answer has, and whether a body says that it is JSON.

use axum::http::{HeaderMap, header};

/// The media types an answer can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Media {
    /// `application/json`: the status tells little.
    Json,
    /// `application/graphql-response+json`: the status tells what became of the request.
    GraphqlResponse,
}

impl Media {
    /// The value of the answer's `Content-Type`.
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/json; charset=utf-8",
            Self::GraphqlResponse => "application/graphql-response+json; charset=utf-8",
        }
    }

    /// What the `Accept` headers like best; none where they take neither.
    ///
    /// The most specific range counts for a media type, then the weight, then what is named first
    /// (HTTP semantics, section 12.5.1). Who says nothing, or anything, gets `application/json`.
    pub(super) fn negotiate(headers: &HeaderMap) -> Option<Self> {
        let values = headers.get_all(header::ACCEPT).into_iter().filter_map(|value| value.to_str().ok());
        let named = values.flat_map(|value| value.split(',')).map(str::trim).filter(|range| !range.is_empty());
        let mut named = named.peekable();
        if named.peek().is_none() {
            return Some(Self::Json);
        }
        let ranges: Vec<_> = named.filter_map(Range::read).collect();
        let liking = |media: Self| {
            let covering = ranges.iter().enumerate().filter_map(|(at, range)| Some((range.covers(media)?, at, range)));
            let (_, at, range) = covering.min_by_key(|(width, ..)| *width)?;
            (range.weight > 0.0).then_some((media, range.weight, at))
        };
        let best = [Self::GraphqlResponse, Self::Json].into_iter().filter_map(liking);
        best.max_by(|a, b| a.1.total_cmp(&b.1).then(b.2.cmp(&a.2))).map(|(media, ..)| media)
    }
}

/// One of the alternatives of an `Accept` header.
struct Range {
    media: String,
    weight: f32,
}

impl Range {
    /// None for one that no answer can match: another charset than UTF-8, or a weight that is none.
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let mut range = Self { media: parts.next()?.to_ascii_lowercase(), weight: 1.0 };
        for (name, value) in parts.filter_map(|part| part.split_once('=')) {
            match name.trim().to_ascii_lowercase().as_str() {
                "q" => {
                    range.weight = value.trim().parse().ok().filter(|weight| (0.0..=1.0).contains(weight))?;
                }
                "charset" if !is_utf8(value) => return None,
                _ => {}
            }
        }
        Some(range)
    }

    /// How widely the range takes in `media`, 0 for exactly; none where it does not.
    fn covers(&self, media: Media) -> Option<u8> {
        match (self.media.as_str(), media) {
            ("application/json", Media::Json) | ("application/graphql-response+json", Media::GraphqlResponse) => {
                Some(0)
            }
            ("application/*", _) => Some(1),
            ("*/*", _) => Some(2),
            _ => None,
        }
    }
}

/// Whether a POST says that its body is JSON in UTF-8; nothing else is run, since other types are
/// what another site's page can send.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let mut values = headers.get_all(header::CONTENT_TYPE).into_iter().peekable();
    values.peek().is_some() && values.all(|value| value.to_str().is_ok_and(says_json))
}

fn says_json(content_type: &str) -> bool {
    let mut parts = content_type.split(';').map(str::trim);
    let json = parts.next().is_some_and(|media| media.eq_ignore_ascii_case("application/json"));
    let mut parameters = parts.filter_map(|part| part.split_once('='));
    json && parameters.all(|(name, value)| !name.trim().eq_ignore_ascii_case("charset") || is_utf8(value))
}

fn is_utf8(charset: &str) -> bool {
    matches!(charset.trim().trim_matches('"').to_ascii_lowercase().as_str(), "utf-8" | "utf8")
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn negotiated(accept: &'static str) -> Option<Media> {
        let mut headers = HeaderMap::new();
        headers.insert(header::ACCEPT, HeaderValue::from_static(accept));
        Media::negotiate(&headers)
    }

    #[test]
    fn an_answer_has_the_media_type_that_the_client_likes_best() {
        let json = [
            "",
            "*/*",
            "application/*",
            "application/json",
            "APPLICATION/JSON; charset=utf-8",
            "text/html, */*;q=0.1",
            "application/json, application/graphql-response+json",
            "application/graphql-response+json;q=0.5, application/json;q=0.9",
            "application/graphql-response+json;q=0, */*",
            "application/graphql-response+json; charset=utf-16, application/json;q=0.1",
            "application/graphql-response+json;q=2, application/json;q=0.1",
        ];
        for accept in json {
            assert_eq!(negotiated(accept), Some(Media::Json), "{accept}");
        }
        let graphql = [
            "application/graphql-response+json",
            "application/graphql-response+json, application/json;q=0.9",
            "application/graphql-response+json; charset=\"UTF-8\", */*",
            "application/json;q=0.2, application/graphql-response+json;q=0.3",
            "application/json;q=0, */*;q=0.1",
        ];
        for accept in graphql {
            assert_eq!(negotiated(accept), Some(Media::GraphqlResponse), "{accept}");
        }
        let neither = ["text/html", "application/json;q=0", "*/*;q=0", "application/json;charset=latin1", "q=1", ";"];
        for accept in neither {
            assert_eq!(negotiated(accept), None, "{accept}");
        }
    }

    #[test]
    fn only_json_in_utf8_is_a_body() {
        for json in ["application/json", "Application/JSON;charset=\"UTF-8\"", "application/json; charset=utf8; x=y"] {
            assert!(says_json(json), "{json}");
        }
        for other in ["text/plain", "application/jsonp", "application/json; charset=utf-16", "", "application/x-json"] {
            assert!(!says_json(other), "{other}");
        }
    }
}

//! Ids as clients write them.

use uuid::Uuid;

use super::{Fault, KvError};

/// The id that `text` writes, in any form that PostgreSQL takes: 32 hexadecimal digits of either
/// case, a hyphen after any fourth digit, braces around all.
///
/// # Errors
/// [`KvError::BadQuery`].
pub fn parse_uuid(text: &str) -> Result<Uuid, KvError> {
    digits(text).map(Uuid::from_u128).ok_or_else(|| {
        KvError::bad_query(Fault::Text, "not a UUID; a UUID is text such as 12345678-9abc-4def-8123-456789abcdef")
    })
}

fn digits(text: &str) -> Option<u128> {
    let inside = match text.strip_prefix('{') {
        Some(rest) => rest.strip_suffix('}')?,
        None => text,
    };
    let (mut id, mut count) = (0, 0);
    let mut hyphen_allowed = false;
    for c in inside.chars() {
        if c == '-' && hyphen_allowed {
            hyphen_allowed = false;
            continue;
        }
        id = (id << 4) | u128::from(c.to_digit(16)?);
        count += 1;
        if count > 32 {
            return None;
        }
        hyphen_allowed = count % 4 == 0 && count < 32;
    }
    (count == 32).then_some(id)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_spelling_of_an_id_is_read() {
        let id = Uuid::from_u128(0x1234_5678_9abc_4def_8123_4567_89ab_cdef);
        for text in [
            "12345678-9abc-4def-8123-456789abcdef",
            "12345678-9ABC-4DEF-8123-456789ABCDEF",
            "123456789abc4def8123456789abcdef",
            "{12345678-9abc-4def-8123-456789abcdef}",
            "{123456789abc4def8123456789abcdef}",
            "1234-5678-9abc-4def-8123-4567-89ab-cdef",
            "123456789abc4def-8123456789ab-cdef",
        ] {
            assert_eq!(parse_uuid(text).ok(), Some(id), "{text}");
        }
    }

    #[test]
    fn what_is_no_id_is_refused_without_repeating_it() {
        for text in [
            "",
            "x",
            "{}",
            "12345678-9abc-4def-8123-456789abcde",
            "12345678-9abc-4def-8123-456789abcdef0",
            "12345678-9abc-4def-8123-456789abcdef-",
            "-12345678-9abc-4def-8123-456789abcdef",
            "12345678--9abc-4def-8123-456789abcdef",
            "123-456789abc4def8123456789abcdef",
            "{12345678-9abc-4def-8123-456789abcdef",
            "12345678-9abc-4def-8123-456789abcdef}",
            " 12345678-9abc-4def-8123-456789abcdef",
            "urn:uuid:12345678-9abc-4def-8123-456789abcdef",
            "12345678-9abc-4def-8123-456789abcdeg",
            "é2345678-9abc-4def-8123-456789abcdef",
        ] {
            let error = parse_uuid(text).map_err(|error| error.to_string());
            assert!(error.is_err_and(|message| message.starts_with("not a UUID")), "{text}");
        }
    }
}

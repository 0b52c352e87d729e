//! The scalars of Amazon Ion that JSON does not have: Kestra reads every body as Ion text
//! (contract kestra.md, section 2).
//!
//! Ion's own containers (`{a: 1}`, `(a b)`), annotations and comments are not read: such a body is
//! text that is no complete value, and stored whole.

use base64::{Engine, engine::general_purpose::STANDARD};

use crate::domain::{JsonText, Kind, Span, Value, moment};

/// The value that `text`, which is no JSON, writes as one Ion scalar.
pub(super) fn scalar(text: &str) -> Option<Value> {
    date(text)
        .or_else(|| instant(text))
        .or_else(|| duration(text))
        .or_else(|| number(text))
        .or_else(|| quoted(text))
        .or_else(|| blob(text))
        .or_else(|| symbol(text))
}

/// `2021-09-01`, `2021-09-01T`, `2021-09T`, `2021T`.
fn date(text: &str) -> Option<Value> {
    let day = match text.strip_suffix('T') {
        Some(day) if day.len() == 10 => day.to_owned(),
        Some(month) if month.len() == 7 => format!("{month}-01"),
        Some(year) if year.len() == 4 => format!("{year}-01-01"),
        Some(_) => return None,
        None => text.to_owned(),
    };
    Value::of_text(Kind::Date, &day).ok()
}

fn instant(text: &str) -> Option<Value> {
    let in_capitals = !text.contains(|c: char| c.is_ascii_lowercase());
    in_capitals.then(|| moment::datetime(text)).flatten().and_then(|text| Value::of_text(Kind::DateTime, &text).ok())
}

/// Kestra's pattern: digits and the letters `PDTHMS`, so neither signs nor fractions.
fn duration(text: &str) -> Option<Value> {
    let fits = text.starts_with('P') && text.bytes().all(|byte| byte.is_ascii_digit() || b"PDTHMS".contains(&byte));
    let span = fits.then(|| Span::parse(text).ok()).flatten()?;
    Value::of_text(Kind::Duration, &span.to_string()).ok()
}

/// `0x1F`, `0b101`, `1_000`, `5.`, `1.5d3`: Ion's spellings of what JSON can write as well.
fn number(text: &str) -> Option<Value> {
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |digits| ("-", digits));
    let lower = digits.to_ascii_lowercase();
    for (prefix, radix) in [("0x", 16), ("0b", 2)] {
        if let Some(digits) = lower.strip_prefix(prefix) {
            let number = u128::from_str_radix(&joined(digits)?, radix).ok()?;
            return Value::of_text(Kind::Number, &format!("{sign}{number}")).ok();
        }
    }
    let (mantissa, exponent) = match lower.split_once('d') {
        Some((mantissa, exponent)) => (mantissa, format!("e{exponent}")),
        None => (lower.as_str(), String::new()),
    };
    let mantissa = match mantissa.split_once('.') {
        Some((whole, "")) => joined(whole)?,
        Some((whole, fraction)) => format!("{}.{}", joined(whole)?, joined(fraction)?),
        None => joined(mantissa)?,
    };
    Value::of_text(Kind::Number, &format!("{sign}{mantissa}{exponent}")).ok()
}

/// Digits without the underscores between them.
fn joined(digits: &str) -> Option<String> {
    let neat = digits.split('_').all(|run| !run.is_empty() && run.bytes().all(|byte| byte.is_ascii_hexdigit()));
    neat.then(|| digits.replace('_', ""))
}

/// `'x'` and `'''x'''`, without escapes.
fn quoted(text: &str) -> Option<Value> {
    let inside = |quotes: &str| text.strip_prefix(quotes)?.strip_suffix(quotes);
    let content = inside("'''").or_else(|| inside("'"))?;
    (!content.contains(['\'', '\\', '\n'])).then(|| Value::json(JsonText::string(content)))
}

/// `{{aGVsbG8=}}`, where the bytes are text.
fn blob(text: &str) -> Option<Value> {
    let bytes = STANDARD.decode(text.strip_prefix("{{")?.strip_suffix("}}")?.trim()).ok()?;
    String::from_utf8(bytes).ok().map(|content| Value::json(JsonText::string(&content)))
}

/// A bare word.
fn symbol(text: &str) -> Option<Value> {
    let in_word = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$');
    let word = text.bytes().all(in_word) && !text.is_empty() && !text.starts_with(|c: char| c.is_ascii_digit());
    word.then(|| Value::json(JsonText::string(text)))
}

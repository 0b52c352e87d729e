//! Spans of time, as ISO 8601 and Java's `Duration` write them (contract kestra.md, section 2).

use std::{fmt, time::Duration};

use super::KvError;

const SECOND: i128 = 1_000_000_000;

/// A span of time in whole nanoseconds, of either sign; at most 2^63 seconds long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span(i128);

impl Span {
    /// The span that `text` writes: days, hours, minutes and seconds, as in `P1DT2H30M` or `PT0.5S`.
    ///
    /// The texts of Java's `Duration.parse`: either case, a sign before the whole and before each
    /// number, up to nine digits of a second; no years, months or weeks, whose length varies.
    ///
    /// # Errors
    /// [`KvError::Invalid`].
    pub fn parse(text: &str) -> Result<Self, KvError> {
        read(text).ok_or_else(|| {
            KvError::Invalid("not a duration; a duration is ISO 8601 text such as P30D, PT12H or P1DT2H30M".to_owned())
        })
    }

    /// The span as a length; none where it is negative.
    #[must_use]
    pub fn length(self) -> Option<Duration> {
        let seconds = u64::try_from(self.0.div_euclid(SECOND)).ok()?;
        Some(Duration::new(seconds, u32::try_from(self.0.rem_euclid(SECOND)).ok()?))
    }
}

fn read(text: &str) -> Option<Span> {
    let (negative, rest) = sign(text);
    let rest = rest.strip_prefix(['P', 'p'])?;
    let (days, times) = match rest.split_once(['T', 't']) {
        Some((_, "")) => return None,
        Some((days, times)) => (days, times),
        None if rest.is_empty() => return None,
        None => (rest, ""),
    };
    let (whole_days, after) = field(days, ['D', 'd'])?;
    if !after.is_empty() {
        return None;
    }
    let (hours, rest) = field(times, ['H', 'h'])?;
    let (minutes, rest) = field(rest, ['M', 'm'])?;
    let seconds = if rest.is_empty() { 0 } else { seconds(rest.strip_suffix(['S', 's'])?)? };
    let whole = whole_days.checked_mul(86_400)?.checked_add(hours.checked_mul(3_600)?)?;
    let whole = whole.checked_add(minutes.checked_mul(60)?)?;
    let nanos = whole.checked_mul(SECOND)?.checked_add(seconds)?;
    let nanos = if negative { -nanos } else { nanos };
    i64::try_from(nanos.div_euclid(SECOND)).ok().map(|_| Span(nanos))
}

fn sign(text: &str) -> (bool, &str) {
    match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    }
}

/// The number before one of the letters, 0 where the text has none; and what follows.
fn field(text: &str, letter: [char; 2]) -> Option<(i128, &str)> {
    match text.split_once(letter) {
        Some((digits, rest)) => Some((number(digits)?, rest)),
        None => Some((0, text)),
    }
}

fn number(text: &str) -> Option<i128> {
    let (negative, digits) = sign(text);
    let number = digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse::<i64>().ok()).flatten()?;
    Some(i128::from(if negative { -number } else { number }))
}

/// Nanoseconds of a number of seconds with a fraction.
fn seconds(text: &str) -> Option<i128> {
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    if fraction.len() > 9 || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part: i128 = format!("{fraction:0<9}").parse().ok()?;
    let nanos = number(whole)?.checked_mul(SECOND)?;
    Some(if whole.starts_with('-') { nanos - part } else { nanos + part })
}

/// As Java writes it: hours, minutes and seconds, each with the sign; `PT0S` for nothing.
impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (total, nanos) = (self.0 / SECOND, (self.0 % SECOND).unsigned_abs());
        let (hours, minutes, seconds) = (total / 3_600, total % 3_600 / 60, total % 60);
        f.write_str("PT")?;
        if hours != 0 {
            write!(f, "{hours}H")?;
        }
        if minutes != 0 {
            write!(f, "{minutes}M")?;
        }
        if seconds == 0 && nanos == 0 && total != 0 {
            return Ok(());
        }
        let sign = if self.0 < 0 && seconds == 0 { "-" } else { "" };
        write!(f, "{sign}{seconds}")?;
        if nanos > 0 {
            write!(f, ".{}", format!("{nanos:09}").trim_end_matches('0'))?;
        }
        f.write_str("S")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        Span::parse(text).map_or_else(|_| "refused".to_owned(), |span| span.to_string())
    }

    #[test]
    fn spans_are_shown_as_java_shows_them() {
        for (text, expected) in [
            ("PT5S", "PT5S"),
            ("P1D", "PT24H"),
            ("PT90M", "PT1H30M"),
            ("P3DT3H2M1S", "PT75H2M1S"),
            ("pt0.50s", "PT0.5S"),
            ("PT0S", "PT0S"),
            ("P0D", "PT0S"),
            ("-PT5M", "PT-5M"),
            ("PT-0.5S", "PT-0.5S"),
            ("-PT1H30M1.25S", "PT-1H-30M-1.25S"),
            ("PT1H-30M", "PT30M"),
            ("PT60S", "PT1M"),
            ("PT1,5S", "PT1.5S"),
            ("PT1.S", "PT1S"),
            ("+P+1DT-1H", "PT23H"),
            ("PT9223372036854775807S", "PT2562047788015215H30M7S"),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
    }

    #[test]
    fn what_is_no_span_is_refused() {
        for text in [
            "",
            "P",
            "PT",
            "P1",
            "1D",
            "P1Y",
            "P1W",
            "P1M",
            "PT1D",
            "P1DT",
            "PT1S1M",
            "PTS",
            "PT.5S",
            "PT1.0000000001S",
            "P1D ",
            "PT1H30",
            "P١D",
            "PT9223372036854775808S",
            "P999999999999999999D",
            "PTHS",
            "P--1D",
        ] {
            assert_eq!(shown(text), "refused", "{text}");
        }
    }

    #[test]
    fn only_a_span_that_is_not_negative_has_a_length() {
        let length = |text| Span::parse(text).ok().and_then(Span::length);
        assert_eq!(length("PT1.5S"), Some(Duration::from_millis(1_500)));
        assert_eq!(length("PT0S"), Some(Duration::ZERO));
        assert_eq!(length("PT-0.1S"), None);
    }
}

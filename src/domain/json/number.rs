//! Decimal numbers, exact at any size and scale.

use std::{cmp::Ordering, fmt};

/// Zeros that a number's text may have beyond its written digits; past them it takes an exponent.
///
/// PostgreSQL goes to 131,072, which would let 8 bytes of a value grow to 128 KiB of text. Every
/// number that a double can hold stays below the limit.
const PADDING: i64 = 1_000;

/// Exponents beyond this, either way, count as this: no text that fits in memory comes near it by
/// its digits alone.
const EXPONENT: i64 = 1 << 60;

/// A decimal number: 0.DIGITS × 10^point.
///
/// Never expanded: `1e999999999` is one digit and a point.
#[derive(Debug, Clone)]
pub(super) struct Number {
    negative: bool,
    /// The digits as written, from the first that is not zero on; none for zero.
    digits: Box<str>,
    /// How far right of the first digit's left edge the decimal point is.
    point: i64,
}

impl Number {
    /// The number that `token`, a JSON number, writes.
    pub(super) fn parse(token: &str) -> Self {
        let (negative, token) = token.strip_prefix('-').map_or((false, token), |rest| (true, rest));
        let (mantissa, exponent) = token.split_once(['e', 'E']).unwrap_or((token, "0"));
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        let all = [whole, fraction].concat();
        let digits = all.trim_start_matches('0');
        let point = length(whole) - (length(&all) - length(digits)) + clamped(exponent);
        Self { negative: negative && !digits.is_empty(), digits: digits.into(), point }
    }

    fn is_zero(&self) -> bool {
        self.digits.is_empty()
    }

    /// What all texts of this number start with that have no exponent; none of zero, which is written with and
    /// without a sign, and of what takes too many zeros to write so.
    pub(super) fn plain(&self) -> Option<String> {
        let least = Self { digits: self.digits.trim_end_matches('0').into(), ..self.clone() };
        Some(least.to_string()).filter(|text| !self.is_zero() && !text.contains('e'))
    }

    /// What all other texts of this number start with, one or the other: those with an exponent.
    pub(super) fn starts(&self) -> [String; 2] {
        let sign = if self.negative { "-" } else { "" };
        [format!("{sign}{}", self.digits.get(..1).unwrap_or_default()), format!("{sign}0.")]
    }

    /// Order by distance from zero.
    fn magnitude(&self, other: &Self) -> Ordering {
        let point = |number: &Self| if number.is_zero() { i64::MIN } else { number.point };
        let digits = |number: &'_ Self| number.digits.trim_end_matches('0').len();
        point(self).cmp(&point(other)).then_with(|| self.digits[..digits(self)].cmp(&other.digits[..digits(other)]))
    }
}

fn length(text: &str) -> i64 {
    i64::try_from(text.len()).unwrap_or(EXPONENT)
}

fn clamped(exponent: &str) -> i64 {
    let beyond = if exponent.starts_with('-') { -EXPONENT } else { EXPONENT };
    exponent.parse().map_or(beyond, |exponent: i64| exponent.clamp(-EXPONENT, EXPONENT))
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.negative, other.negative) {
            (false, false) => self.magnitude(other),
            (true, true) => other.magnitude(self),
            (true, false) => Ordering::Less,
            (false, true) => Ordering::Greater,
        }
    }
}

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Number {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Number {}

/// PostgreSQL's numeric: no exponent, all written digits of the fraction.
impl fmt::Display for Number {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (digits, point, written) = (&*self.digits, self.point, length(&self.digits));
        if self.negative {
            f.write_str("-")?;
        }
        if self.is_zero() {
            return if point < 0 { write!(f, "0.{}", zeros(-point)) } else { f.write_str("0") };
        }
        if -point > PADDING || point - written > PADDING {
            return scientific(digits, point - 1, f);
        }
        if point <= 0 {
            return write!(f, "0.{}{digits}", zeros(-point));
        }
        match usize::try_from(point).ok().and_then(|point| digits.split_at_checked(point)) {
            Some((whole, "")) => f.write_str(whole),
            Some((whole, fraction)) => write!(f, "{whole}.{fraction}"),
            None => write!(f, "{digits}{}", zeros(point - written)),
        }
    }
}

fn zeros(count: i64) -> String {
    "0".repeat(usize::try_from(count.min(PADDING)).unwrap_or_default())
}

fn scientific(digits: &str, exponent: i64, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    let (first, rest) = digits.split_at_checked(1).unwrap_or((digits, ""));
    let dot = if rest.is_empty() { "" } else { "." };
    write!(f, "{first}{dot}{rest}e{exponent:+}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(token: &str) -> String {
        Number::parse(token).to_string()
    }

    #[test]
    fn text_keeps_the_scale_and_loses_the_exponent() {
        for (token, shown) in [
            ("0", "0"),
            ("-0", "0"),
            ("-0.00", "0.00"),
            ("0e5", "0"),
            ("0e-3", "0.000"),
            ("5.0", "5.0"),
            ("1.10", "1.10"),
            ("1e3", "1000"),
            ("1E+3", "1000"),
            ("-1.5e1", "-15"),
            ("1.50e1", "15.0"),
            ("1.5e-3", "0.0015"),
            ("100e-2", "1.00"),
            ("12.34e1", "123.4"),
            ("12345678901234567890123", "12345678901234567890123"),
        ] {
            assert_eq!(text(token), shown, "{token}");
        }
    }

    #[test]
    fn huge_exponents_are_never_expanded() {
        assert_eq!(text("1e999999999"), "1e+999999999");
        assert_eq!(text("-12.5e-999999999"), "-1.25e-999999998");
        assert_eq!(text("1e1000").len(), 1_001);
        assert!(Number::parse("1e999999999") < Number::parse("1e1000000000"));
        assert!(Number::parse("-1e999999999") < Number::parse("1e-999999999"));
        assert!(Number::parse("1e-99999999999999999999") < Number::parse("1e99999999999999999999"));
        assert!(text("0e-99999999999999999999").len() < 2_000);
    }

    #[test]
    fn equality_is_by_value() {
        for (a, b) in
            [("2", "2.0"), ("1e3", "1000"), ("0", "-0.00e9"), ("100e-2", "1"), ("0.1e1", "1"), ("1.10", "1.1")]
        {
            assert_eq!(Number::parse(a), Number::parse(b));
        }
    }

    #[test]
    fn order_is_exact() {
        let ascending = ["-10", "-9.5", "-9", "-0.1", "0", "0.09", "0.1", "1", "1.01", "9", "10", "9007199254740992"];
        for pair in ascending.windows(2) {
            assert!(Number::parse(pair[0]) < Number::parse(pair[1]), "{pair:?}");
        }
        assert!(Number::parse("9007199254740992") < Number::parse("9007199254740993"));
        assert!(Number::parse("0.1000000000000000000000001") > Number::parse("0.1"));
    }
}

//! Instants from the texts that PostgreSQL takes for them: ISO 8601, a little relaxed.

use chrono::NaiveDate;

use super::Timestamp;
use crate::domain::{Fault, KvError};

const SECOND: i64 = 1_000_000;
const DAY: i64 = 86_400 * SECOND;

impl Timestamp {
    /// The instant that `text` names, such as `2021-08-11T18:27:09.123456+00:00`.
    ///
    /// As PostgreSQL in a session at UTC: a text without a zone is UTC, one without a time is
    /// midnight, digits past the microsecond round to even, and `24:00` is the next day. Only dates
    /// after Christ; no words such as `now` and `infinity`.
    ///
    /// # Errors
    /// [`KvError::BadQuery`].
    pub fn parse(text: &str) -> Result<Self, KvError> {
        instant(&mut Scan(text.trim_ascii())).map(Self).ok_or_else(|| {
            KvError::bad_query(
                Fault::Text,
                "not a timestamp; a timestamp is ISO 8601 text such as 2021-08-11T18:27:09.123456+00:00",
            )
        })
    }
}

/// What is left of a text.
struct Scan<'a>(&'a str);

impl Scan<'_> {
    fn eat(&mut self, pattern: &[char]) -> bool {
        let after = self.0.strip_prefix(pattern);
        self.0 = after.unwrap_or(self.0);
        after.is_some()
    }

    fn skip_spaces(&mut self) {
        self.0 = self.0.trim_ascii_start();
    }

    /// How many digits come next.
    fn run(&self) -> usize {
        self.0.bytes().take_while(u8::is_ascii_digit).count()
    }

    /// The number that the next `count` digits write.
    fn number(&mut self, count: usize) -> Option<i64> {
        let (digits, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        digits.parse().ok()
    }

    /// The number that the next one or two digits write, at most `most`.
    fn field(&mut self, most: i64) -> Option<i64> {
        let count = self.run();
        (1..=2).contains(&count).then(|| self.number(count))?.filter(|number| *number <= most)
    }
}

fn instant(scan: &mut Scan) -> Option<i64> {
    let midnight = date(scan)?.checked_mul(DAY)?;
    let glued = !scan.0.starts_with(|c: char| c.is_ascii_whitespace());
    scan.skip_spaces();
    let time = if scan.eat(&['T', 't']) || scan.run() > 0 {
        scan.skip_spaces();
        time(scan)?
    } else if glued && scan.0.starts_with('-') {
        return None;
    } else {
        0
    };
    scan.skip_spaces();
    let offset = zone(scan)?;
    scan.0.is_empty().then_some(midnight + time - offset)
}

/// Days since the epoch of `2021-08-11` or `20210811`.
fn date(scan: &mut Scan) -> Option<i64> {
    let (year, month, day) = match scan.run() {
        8 => (scan.number(4)?, scan.number(2)?, scan.number(2)?),
        digits @ 4..=6 => {
            let year = scan.number(digits)?;
            let month = scan.eat(&['-']).then(|| scan.field(12))??;
            (year, month, scan.eat(&['-']).then(|| scan.field(31))??)
        }
        _ => return None,
    };
    let year = i32::try_from(year).ok().filter(|year| *year > 0)?;
    let day = NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)?;
    Some((day - NaiveDate::default()).num_days())
}

/// Microseconds since midnight of `18:27`, `18:27:09.5`, `1827` or `182709.5`.
fn time(scan: &mut Scan) -> Option<i64> {
    let digits = scan.run();
    let (hour, minute, second) = if matches!(digits, 4 | 6) {
        (scan.number(2)?, scan.number(2)?, if digits == 6 { Some(scan.number(2)?) } else { None })
    } else {
        let hour = scan.field(24)?;
        let minute = scan.eat(&[':']).then(|| scan.field(59))??;
        (hour, minute, if scan.eat(&[':']) { Some(scan.field(60)?) } else { None })
    };
    let fraction = if second.is_some() && scan.eat(&['.']) { fraction(scan)? } else { 0 };
    let second = second.unwrap_or(0);
    let time = ((hour * 60 + minute) * 60 + second) * SECOND + fraction;
    (minute <= 59 && second <= 60 && hour <= 24 && (hour < 24 || time <= DAY)).then_some(time)
}

/// Microseconds; by way of a double, since PostgreSQL's rounding is that.
#[expect(clippy::cast_possible_truncation, reason = "at most a million")]
fn fraction(scan: &mut Scan) -> Option<i64> {
    let (digits, rest) = scan.0.split_at(scan.run());
    scan.0 = rest;
    let fraction: f64 = format!("0.{digits}0").parse().ok()?;
    Some((fraction * 1e6).round_ties_even() as i64)
}

/// Microseconds east of Greenwich; none written is none.
fn zone(scan: &mut Scan) -> Option<i64> {
    if scan.0.is_empty() || ["z", "utc", "gmt"].into_iter().any(|zone| scan.0.eq_ignore_ascii_case(zone)) {
        scan.0 = "";
        return Some(0);
    }
    let west = scan.0.starts_with('-');
    if !scan.eat(&['+', '-']) {
        return None;
    }
    let (hour, minute, second) = match scan.run() {
        3 => (scan.number(1)?, scan.number(2)?, 0),
        4 => (scan.number(2)?, scan.number(2)?, 0),
        _ => {
            let hour = scan.field(15)?;
            let minute = if scan.eat(&[':']) { scan.field(59)? } else { 0 };
            (hour, minute, if scan.eat(&[':']) { scan.field(59)? } else { 0 })
        }
    };
    let east = ((hour * 60 + minute) * 60 + second) * SECOND;
    (hour <= 15 && minute <= 59).then_some(if west { -east } else { east })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> String {
        Timestamp::parse(text).map_or_else(|_| "refused".to_owned(), |time| time.to_string())
    }

    #[test]
    fn every_spelling_of_a_zone_is_read() {
        for text in [
            "2021-08-11T18:27:09.123456Z",
            "2021-08-11t18:27:09.123456z",
            "2021-08-11 18:27:09.123456",
            "2021-08-11 18:27:09.123456+00",
            "2021-08-11T18:27:09.123456+00:00",
            "2021-08-11T10:27:09.123456-0800",
            "2021-08-11T10:27:09.123456 -08",
            "2021-08-11T23:57:09.123456+05:30",
            "2021-08-11T23:57:09.123456+530",
            "2021-08-11T23:27:09.123456+5",
            "20210811T182709.123456Z",
            "  2021-8-11  18:27:9.123456 UTC ",
            "2021-08-12T08:57:24.123456+14:30:15",
        ] {
            assert_eq!(shown(text), "2021-08-11T18:27:09.123456+00:00", "{text}");
        }
    }

    #[test]
    fn what_is_left_out_is_midnight_at_greenwich() {
        assert_eq!(shown("2021-08-11"), "2021-08-11T00:00:00+00:00");
        assert_eq!(shown("20210811"), "2021-08-11T00:00:00+00:00");
        assert_eq!(shown("2021-08-11Z"), "2021-08-11T00:00:00+00:00");
        assert_eq!(shown("2021-08-11+05"), "2021-08-10T19:00:00+00:00");
        assert_eq!(shown("2021-08-11T18:27"), "2021-08-11T18:27:00+00:00");
        assert_eq!(shown("2021-08-11T1827"), "2021-08-11T18:27:00+00:00");
        assert_eq!(shown("2021-08-11T24:00"), "2021-08-12T00:00:00+00:00");
        assert_eq!(shown("2021-08-11T23:59:60"), "2021-08-12T00:00:00+00:00");
    }

    #[test]
    fn fractions_round_to_the_microsecond_as_postgresql_rounds_them() {
        let fraction = |digits: &str| Timestamp::parse(&format!("1970-01-01T00:00:00.{digits}")).map(Timestamp::micros);
        for (digits, micros) in [
            ("", 0),
            ("5", 500_000),
            ("123456", 123_456),
            ("123456789", 123_457),
            ("1234565", 123_456),
            ("0000005", 0),
            ("0000015", 2),
            ("9999995", 1_000_000),
        ] {
            assert_eq!(fraction(digits).ok(), Some(micros), "{digits}");
        }
    }

    #[test]
    fn years_past_four_digits_come_back_as_they_were_shown() {
        for text in ["0001-01-01T00:00:00+00:00", "12345-01-01T00:00:00+00:00", "262142-12-31T23:59:59.999999+00:00"] {
            assert_eq!(shown(text), text);
        }
    }

    #[test]
    fn what_is_no_instant_is_refused_without_repeating_it() {
        for text in [
            "",
            "now",
            "infinity",
            "-infinity",
            "epoch",
            "2021",
            "2021-08",
            "2021-W32-3",
            "99-01-01",
            "0000-01-01",
            "262143-01-01",
            "294277-01-01",
            "9999999-01-01",
            "-2021-01-01",
            "2021-02-29",
            "2021-13-01",
            "2021-00-10",
            "2021-08-11T",
            "2021-08-11-05",
            "2021-08-11T18",
            "2021-08-11T18:60:00",
            "2021-08-11T18:27:61",
            "2021-08-11T24:00:01",
            "2021-08-11T25:00",
            "2021-08-11T18:27:09,5",
            "2021-08-11T18:27:09+",
            "2021-08-11T18:27:09+16",
            "2021-08-11T18:27:09+05:60",
            "2021-08-11T18:27:09+053015",
            "2021-08-11T18:27:09 CEST",
            "2021-08-11T18:27:09Zx",
            "2021-08-11T18:27:09−05",
            "٢٠٢١-08-11",
        ] {
            let message = Timestamp::parse(text).map_or_else(|error| error.to_string(), |time| format!("is {time}"));
            assert!(message.starts_with("not a timestamp"), "{text}: {message}");
        }
    }
}

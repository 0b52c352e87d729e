//! `date` and `dateAdd`, on ISO 8601 text, in UTC.

use chrono::{DateTime, Days, Months, NaiveDate, TimeDelta, Utc};
use minijinja::{Error, ErrorKind};

/// What a letter of Java's patterns is to chrono, by how often it stands there.
const LETTERS: &[(&str, &str)] = &[
    ("yyyy", "%Y"),
    ("yy", "%y"),
    ("MMMM", "%B"),
    ("MMM", "%b"),
    ("MM", "%m"),
    ("M", "%-m"),
    ("dd", "%d"),
    ("d", "%-d"),
    ("EEEE", "%A"),
    ("EEE", "%a"),
    ("HH", "%H"),
    ("H", "%-H"),
    ("mm", "%M"),
    ("ss", "%S"),
    ("SSSSSS", "%6f"),
    ("SSS", "%3f"),
    ("XXX", "%:z"),
    ("X", "Z"),
];

fn refused(message: &'static str) -> Error {
    Error::new(ErrorKind::InvalidOperation, message)
}

fn read(text: &str) -> Result<DateTime<Utc>, Error> {
    let instant = DateTime::parse_from_rfc3339(text).map(|it| it.to_utc()).ok();
    let day = || text.parse::<NaiveDate>().ok()?.and_hms_opt(0, 0, 0).map(|it| it.and_utc());
    instant.or_else(day).ok_or_else(|| refused("the date is not ISO 8601, as in 2026-01-31 or 2026-01-31T12:00:00Z"))
}

/// The instant `text` by one of Java's patterns, such as `yyyy-MM-dd'T'HH:mm`.
pub(super) fn format(text: &str, pattern: Option<&str>) -> Result<String, Error> {
    let instant = read(text)?;
    let Some(mut rest) = pattern else { return Ok(instant.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)) };
    let mut out = String::new();
    while let Some(first) = rest.chars().next() {
        let run = rest.len() - rest.trim_start_matches(first).len();
        let (letters, after) = rest.split_at(run);
        rest = after;
        if let Some((_, known)) = LETTERS.iter().find(|(java, _)| *java == letters) {
            out.push_str(&instant.format(known).to_string());
        } else if first == '\'' {
            let (literal, after) =
                rest.split_once('\'').ok_or_else(|| refused("a quote in the pattern is not closed"))?;
            out.push_str(literal);
            rest = after;
        } else if first.is_ascii_alphabetic() {
            return Err(refused("the pattern has letters that are not known here"));
        } else {
            out.push_str(letters);
        }
    }
    Ok(out)
}

/// The instant `text`, moved by so many units.
pub(super) fn add(text: &str, amount: i32, unit: &str) -> Result<String, Error> {
    let (instant, size) = (read(text)?, amount.unsigned_abs());
    let months = |count: u32| {
        let months = Months::new(size.saturating_mul(count));
        if amount < 0 { instant.checked_sub_months(months) } else { instant.checked_add_months(months) }
    };
    let days = |count: u64| {
        let days = Days::new(u64::from(size) * count);
        if amount < 0 { instant.checked_sub_days(days) } else { instant.checked_add_days(days) }
    };
    let seconds = |count: i64| instant.checked_add_signed(TimeDelta::seconds(i64::from(amount) * count));
    let moved = match unit.to_uppercase().trim_end_matches('S') {
        "YEAR" => months(12),
        "MONTH" => months(1),
        "WEEK" => days(7),
        "DAY" => days(1),
        "HOUR" => seconds(3_600),
        "MINUTE" => seconds(60),
        "SECOND" => seconds(1),
        _ => return Err(refused("a unit is YEARS, MONTHS, WEEKS, DAYS, HOURS, MINUTES or SECONDS")),
    };
    let moved = moved.ok_or_else(|| refused("the date leaves the calendar"))?;
    Ok(moved.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_follow_javas_patterns() {
        let of = |pattern| format("2026-03-05T07:08:09.120Z", Some(pattern)).unwrap_or_else(|error| error.to_string());
        assert_eq!(of("yyyy-MM-dd'T'HH:mm:ss.SSSXXX"), "2026-03-05T07:08:09.120+00:00");
        assert_eq!(of("d.M.yy EEEE"), "5.3.26 Thursday");
        assert!(of("qq").contains("not known"));
        assert!(of("'x").contains("not closed"));
        assert_eq!(add("2026-01-31", 1, "MONTHS").ok().as_deref(), Some("2026-02-28T00:00:00Z"));
        assert_eq!(add("2026-01-01T00:00:00Z", -1, "days").ok().as_deref(), Some("2025-12-31T00:00:00Z"));
    }
}

//! Dates and instants as values: ISO 8601 texts in one canonical form (contract kestra.md, section 2).
//!
//! Not [`super::Timestamp`]: that one reads what PostgreSQL reads and counts microseconds; a value
//! says exactly what it says, to the nanosecond.

use chrono::{DateTime, Datelike, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, Timelike, Utc};

/// The day that `text` writes, as `2021-09-01`; the years 1 to 9999.
#[must_use]
pub fn date(text: &str) -> Option<String> {
    day(text).map(|_| text.to_owned())
}

/// The instant that `text` writes, in UTC, as `2021-09-01T01:02:03Z` with 0, 3, 6 or 9 digits of a second.
///
/// It must name a time zone: `Z` or an offset such as `+02:00`. Seconds may be left out.
#[must_use]
pub fn datetime(text: &str) -> Option<String> {
    let (date, rest) = text.split_once(['T', 't'])?;
    let (time, offset) = if let Some(time) = rest.strip_suffix(['Z', 'z']) {
        (time, FixedOffset::east_opt(0)?)
    } else {
        let (time, zone) = rest.split_at_checked(rest.len().checked_sub(6)?)?;
        (time, offset(zone)?)
    };
    let local = NaiveDateTime::new(day(date)?, clock(time)?);
    let instant: DateTime<Utc> = local.and_local_timezone(offset).single()?.to_utc();
    (1..=9999).contains(&instant.year()).then(|| instant.to_rfc3339_opts(SecondsFormat::AutoSi, true))
}

/// The number that exactly `count` digits write.
fn digits(text: &str, count: usize) -> Option<u32> {
    (text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit())).then(|| text.parse().ok()).flatten()
}

fn day(text: &str) -> Option<NaiveDate> {
    let [year, month, day] = text.split('-').collect::<Vec<_>>()[..] else { return None };
    let year = digits(year, 4).filter(|year| *year > 0)?;
    NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, digits(month, 2)?, digits(day, 2)?)
}

/// A time of day; digits past the nanosecond are cut.
fn clock(text: &str) -> Option<NaiveTime> {
    let mut fields = text.splitn(3, ':');
    let (hour, minute) = (digits(fields.next()?, 2)?, digits(fields.next()?, 2)?);
    let Some(seconds) = fields.next() else { return NaiveTime::from_hms_opt(hour, minute, 0) };
    let (second, fraction) = match seconds.split_once('.') {
        Some((second, fraction)) if !fraction.is_empty() => (second, fraction),
        Some(_) => return None,
        None => (seconds, ""),
    };
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let nanos = format!("{fraction:0<9}").get(..9)?.parse().ok()?;
    NaiveTime::from_hms_opt(hour, minute, digits(second, 2)?)?.with_nanosecond(nanos)
}

/// `+02:00`; at most 23:59 either way.
fn offset(zone: &str) -> Option<FixedOffset> {
    let east = match zone.chars().next()? {
        '+' => 1,
        '-' => -1,
        _ => return None,
    };
    let (hours, minutes) = zone.get(1..)?.split_once(':')?;
    let (hours, minutes) = (digits(hours, 2)?, digits(minutes, 2).filter(|minutes| *minutes < 60)?);
    FixedOffset::east_opt(east * i32::try_from(hours * 3_600 + minutes * 60).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_shown_in_utc_with_as_many_digits_as_it_needs() {
        for (text, shown) in [
            ("2021-09-01T01:02:03Z", "2021-09-01T01:02:03Z"),
            ("2021-09-01T01:02:03.000Z", "2021-09-01T01:02:03Z"),
            ("2021-09-01T01:02:03.5Z", "2021-09-01T01:02:03.500Z"),
            ("2021-09-01T01:02:03.123456Z", "2021-09-01T01:02:03.123456Z"),
            ("2021-09-01T01:02:03.1234567891Z", "2021-09-01T01:02:03.123456789Z"),
            ("2021-09-01T01:02:03+02:00", "2021-08-31T23:02:03Z"),
            ("2021-09-01T01:02-00:30", "2021-09-01T01:32:00Z"),
            ("2024-01-01T00:00:00Z", "2024-01-01T00:00:00Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ] {
            assert_eq!(datetime(text).as_deref(), Some(shown));
        }
    }

    #[test]
    fn what_is_no_instant_or_day_is_refused() {
        for text in [
            "",
            "T",
            "2021-09-01",
            "2021-09-01T01:02:03",
            "2021-09-01T01Z",
            "2021-09-01T24:00:00Z",
            "2021-09-01T01:02:60Z",
            "2021-09-01T01:02:03.Z",
            "2021-09-01T01:02:03+24:00",
            "2021-09-01T01:02:03+0200",
            "2021-09-01T01:02:03+02:60",
            "2021-09-01 01:02:03Z",
            "2021-02-30T01:02:03Z",
            "0001-01-01T00:00:00+01:00",
            "9999-12-31T23:59:59-01:00",
            "2021-09-01T01:02:03é0000",
        ] {
            assert_eq!(datetime(text), None, "{text}");
        }
        assert_eq!(date("2024-02-29").as_deref(), Some("2024-02-29"));
        for text in ["", "2021-02-29", "2021-9-1", "0000-01-01", "10000-01-01", "2021-09-01T", "٢٠٢١-08-11"] {
            assert_eq!(date(text), None, "{text}");
        }
    }
}

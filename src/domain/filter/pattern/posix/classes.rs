//! Classes of characters, as glibc's C.utf8 has them, in the regex crate's notation.

use std::sync::LazyLock;

use crate::domain::filter::pattern::lower;

/// Letters; to glibc, the digits of other scripts too.
const ALPHA: &str = "[\\p{Alphabetic}\\p{Nd}--0-9]";

/// What `\d`, `\s`, `\w` and their opposites match, fit to stand in a bracket and alone.
pub(super) fn shorthand(letter: char) -> Option<&'static str> {
    Some(match letter {
        'd' => "[0-9]",
        'D' => "[^0-9]",
        's' => "[\\t-\\r\\x20\\u{1680}\\u{2000}-\\u{2006}\\u{2008}-\\u{200a}\\u{2028}\\u{2029}\\u{205f}\\u{3000}]",
        'S' => "[^\\t-\\r\\x20\\u{1680}\\u{2000}-\\u{2006}\\u{2008}-\\u{200a}\\u{2028}\\u{2029}\\u{205f}\\u{3000}]",
        'w' => "[\\p{Alphabetic}\\p{Nd}_]",
        'W' => "[^\\p{Alphabetic}\\p{Nd}_]",
        _ => return None,
    })
}

/// What `[:name:]` matches. Without regard to case, the classes of either case are all letters.
pub(super) fn named(name: &str, fold: bool) -> Option<&'static str> {
    Some(match name {
        "alnum" => "[\\p{Alphabetic}\\p{Nd}]",
        "upper" | "lower" if fold => ALPHA,
        "alpha" => ALPHA,
        "ascii" => "\\x00-\\x7f",
        "blank" => "\\t\\x20",
        "cntrl" => "\\p{Cc}",
        "digit" => "0-9",
        "graph" => "[\\P{White_Space}\\u{a0}\\u{2007}\\u{202f}--\\p{Cc}\\p{Cn}]",
        "lower" => "\\p{Lowercase}\\u{1c5}\\u{1c8}\\u{1cb}\\u{1f2}",
        "print" => "[^\\p{Cc}\\p{Cn}\\u{2028}\\u{2029}]",
        "punct" => "[\\P{White_Space}\\u{a0}\\u{2007}\\u{202f}--\\p{Cc}\\p{Cn}\\p{Alphabetic}\\p{Nd}]",
        "space" => return shorthand('s'),
        "upper" => "\\p{Uppercase}\\p{Lt}",
        "word" => return shorthand('w'),
        "xdigit" => "0-9A-Fa-f",
        _ => return None,
    })
}

/// Whether `c` is white space between the parts of an expanded expression.
pub(super) fn is_space(c: char) -> bool {
    matches!(c, ' ' | '\t'..='\r')
}

/// The lower cases of those characters from `start` to `end` that have another lower case.
pub(super) fn lowered(start: char, end: char) -> impl Iterator<Item = char> {
    static CASES: LazyLock<Vec<(char, char)>> =
        LazyLock::new(|| ('\0'..=char::MAX).map(|c| (c, lower(c))).filter(|(c, lower)| c != lower).collect());
    CASES.iter().filter(move |(c, _)| (start..=end).contains(c)).map(|(_, lower)| *lower)
}

use crate::domain::filter::{Pattern, PatternKind};

fn message(source: &str) -> String {
    Pattern::new(PatternKind::Regex, source).map_or_else(|error| error.to_string(), |_| "accepted".to_owned())
}

fn holds(kind: PatternKind, text: &str, source: &str) -> bool {
    Pattern::new(kind, source).expect(source).matches(text)
}

fn matches(cases: &[(&str, &str)]) {
    for (text, source) in cases {
        assert!(holds(PatternKind::Regex, text, source), "{text:?} ~ {source}");
    }
}

fn misses(cases: &[(&str, &str)]) {
    for (text, source) in cases {
        assert!(!holds(PatternKind::Regex, text, source), "{text:?} ~ {source}");
    }
}

#[test]
fn expressions_are_not_anchored_and_dots_match_line_breaks() {
    matches(&[
        ("xabcx", "b"),
        ("a\nb", "a.b"),
        ("a\nb", "a[^x]b"),
        ("", ""),
        ("b", "a|"),
        ("a", "()"),
        ("aa", "a{2}?"),
    ]);
    matches(&[("a", "(^)*a"), ("a{", "a{"), ("a{,3}", "a{,3}"), ("}", "}"), ("]", "]"), ("aaa", "^(?:a{1,2}){2,}$")]);
    misses(&[("abc", "B"), ("aaa", "^a{2}$"), ("x", "a{2}")]);
}

#[test]
fn anchors_hold_only_at_the_ends() {
    matches(&[("ab", "^a"), ("ab", "b$"), ("a", "\\Aa\\Z")]);
    misses(&[("b\na", "^a"), ("a\n", "a$"), ("a\nb", "a$"), ("a\nb", "a\\Z")]);
}

#[test]
fn boundaries_of_words_are_translated() {
    matches(&[("a b", "a\\M \\mb"), ("an ox", "\\yox\\y"), ("ab", "a\\Yb"), ("é x", "[[:<:]]é[[:>:]]")]);
    misses(&[("ab", "\\mb"), ("ab", "a\\M"), ("fox", "\\yox\\y"), ("a b", "a\\Y")]);
}

#[test]
fn classes_are_those_of_postgresql() {
    matches(&[("7", "\\d"), ("é_7", "^\\w{3}$"), ("\u{3000}", "\\s"), ("x", "[\\D]"), ("٣", "[[:alpha:]]")]);
    matches(&[
        ("-", "[\\w-]"),
        ("+", "[[:punct:]]"),
        ("É", "[[:upper:]]"),
        ("\t", "[[:blank:]]"),
        ("f", "[[:xdigit:]]"),
    ]);
    misses(&[("٣", "\\d"), ("\u{a0}", "\\s"), ("\u{301}", "\\w"), ("_", "[[:alnum:]]"), ("x", "[^\\S]")]);
}

#[test]
fn brackets_read_as_in_posix() {
    matches(&[
        ("]", "[]a]"),
        ("-", "[a-]"),
        ("-", "[-a]"),
        (".", "[--/]"),
        ("^", "[a^]"),
        ("[", "[a[]"),
        ("&", "[a&&b]"),
    ]);
    matches(&[
        ("~", "[a~~b]"),
        ("\\", "[\\\\]"),
        ("\u{8}", "[\\b]"),
        ("a", "[[=a=]]"),
        ("-", "[+[.-.]]"),
        ("b", "[a-[.c.]]"),
    ]);
    misses(&[("a", "[^]a]"), ("b", "[a^]"), ("c", "[--/]")]);
}

#[test]
fn escapes_stand_for_characters() {
    matches(&[
        ("a", "\\x61"),
        ("a", "\\u0061"),
        ("😀", "\\U0001F600"),
        ("\u{1}", "\\cA"),
        ("\n", "\\12"),
        ("a", "\\141"),
    ]);
    matches(&[("\\", "\\B"), ("\u{1b}", "\\e"), (".", "\\."), ("_", "\\_"), ("é", "\\é"), ("a", "\\x0000000061")]);
    misses(&[("a", "\\."), ("n", "\\n"), ("a", "\\x62")]);
}

#[test]
fn options_stand_before_the_expression() {
    matches(&[
        ("A", "(?i)a"),
        ("a.b", "***=a.b"),
        ("A", "***:(?i)a"),
        ("ab", "(?x) a b # c"),
        ("a b", "(?x)a[ ]b\\ ?"),
    ]);
    matches(&[("x\na", "(?n)^a$"), ("x\na", "(?w)^a"), ("a\nb", "(?w)a.b"), ("a(", "(?q)a("), ("ab", "a(?#c)b")]);
    misses(&[("a\nb", "(?n)a.b"), ("a\nb", "(?n)a[^x]b"), ("a\nb", "(?p)a.b"), ("a\nb", "(?p)a$"), ("axb", "***=a.b")]);
    assert!(!holds(PatternKind::IRegex, "A", "(?c)a"));
}

#[test]
fn case_folds_character_by_character() {
    for (text, source, there) in [
        ("É", "é", true),
        ("é", "[À-Ý]", true),
        ("É", "[[:lower:]]", true),
        ("a", "[^A]", false),
        ("ẞ", "ß", true),
        ("ß", "SS", false),
        ("ſ", "[a-z]", false),
        ("K", "k", true),
    ] {
        assert_eq!(holds(PatternKind::IRegex, text, source), there, "{text} ~* {source}");
    }
}

#[test]
fn what_is_wrong_is_said_in_postgresqls_words() {
    for (source, what) in [
        ("(secret", "parentheses () not balanced"),
        ("secret)", "parentheses () not balanced"),
        ("[secret", "brackets [] not balanced"),
        ("[]", "brackets [] not balanced"),
        ("secret{1", "braces {} not balanced"),
        ("*", "quantifier operand invalid"),
        ("secret**", "quantifier operand invalid"),
        ("^*", "quantifier operand invalid"),
        ("(?P<secret>a)", "invalid embedded option"),
        ("a{256}", "invalid repetition count(s)"),
        ("a{2,1}", "invalid repetition count(s)"),
        ("[z-a]", "invalid character range"),
        ("[a-c-e]", "invalid character range"),
        ("[a-\\d]", "invalid character range"),
        ("[[:secret:]]", "invalid character class"),
        ("\\q", "invalid escape \\ sequence"),
        ("secret\\", "invalid escape \\ sequence"),
        ("\\ud800", "invalid escape \\ sequence"),
        ("(?z)a", "invalid embedded option"),
    ] {
        assert_eq!(message(source), format!("invalid regular expression: {what}"), "{source}");
    }
}

#[test]
fn what_the_engine_lacks_is_refused_by_name() {
    for (source, what) in [
        ("a(?=b)", "look-ahead"),
        ("a(?!b)", "look-ahead"),
        ("(?<=a)b", "look-behind"),
        ("(?<!a)b", "look-behind"),
        ("(a)\\1", "back-references"),
        ("(?b)a", "options b and e"),
    ] {
        let message = message(source);
        assert!(message.contains(what) && message.ends_with("are not supported"), "{message}");
    }
}

#[test]
fn no_pattern_takes_more_than_its_share() {
    let ranges = format!("(?i)[{}]", "\\u0001-\\uffff".repeat(10_000));
    for source in ["((((a{255}){255}){255}){255})", &"a".repeat(1 << 20), &ranges] {
        assert_eq!(message(source), "the pattern is too large");
    }
    assert_eq!(message(&"(".repeat(10_000)), "invalid regular expression: parentheses () not balanced");
    let nested = format!("{}{}", "(".repeat(1_000), ")".repeat(1_000));
    assert_eq!(message(&nested), "invalid regular expression: nested too deep");
}

//! What must happen to a query's text before the parser sees it.
//!
//! One pass over the tokens: it counts them, refuses nesting that would overflow the parser's stack
//! (contract filter.md, section 9), and lifts strings and numbers out. What is left is a template: texts that
//! differ only in their literals have the same, and it is parsed once. The literals are read here, since the
//! parser would round numbers and refuse the surrogate pairs that Python writes (contract prefect.md,
//! section 0, point 3).

use super::literal::{Literal, joined, unit};

/// What is wrong with a text before it is even parsed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ScanError {
    /// Brackets nest deeper than allowed.
    TooDeep,
    /// There are more tokens than allowed.
    TooManyTokens,
    /// A name is longer than [`NAME`] bytes.
    LongName,
    /// A `\u` escape names half of a surrogate pair.
    LoneSurrogate,
}

/// Longest name; what is misspelt is compared with every name that might be meant.
pub(super) const NAME: usize = 256;

/// What a template is longer than its text by, mostly, in bytes.
const SPARE: usize = 64;

/// What tells whether the next name is a field's.
#[derive(Clone, Copy)]
enum Before {
    /// A fragment's name is next, or `on` and a type's.
    Dots,
    /// A directive's name is next.
    At,
    /// A field was, or what turns out to be its alias.
    Field,
    Else,
}

/// A text, taken apart.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Scanned<'a> {
    /// The text with a string literal of ours in the place of each literal.
    pub(super) template: String,
    /// What was there, in the order of the text.
    pub(super) literals: Vec<Literal<'a>>,
    pub(super) tokens: usize,
    /// The fields that are selected, before any fragment is in its place.
    pub(super) fields: usize,
}

/// Takes `text` apart; brackets may nest `depth` deep, and there may be `most` tokens.
pub(super) fn scan(text: &str, depth: usize, most: usize) -> Result<Scanned<'_>, ScanError> {
    let template = String::with_capacity(text.len() + SPARE);
    let mut scanner = Scanner { text, at: 0, copied: 0, template, literals: Vec::new() };
    let (mut open, mut round, mut tokens, mut fields) = (0_usize, 0_usize, 0_usize, 0_usize);
    let mut before = Before::Else;
    while let Some(byte) = scanner.peek() {
        tokens += usize::from(!matches!(byte, b' ' | b'\t' | b'\r' | b'\n' | b',' | b'#'));
        if tokens > most {
            return Err(ScanError::TooManyTokens);
        }
        match byte {
            b'{' | b'[' | b'(' => {
                open += 1;
                if open > depth {
                    return Err(ScanError::TooDeep);
                }
                round += usize::from(byte == b'(');
                before = Before::Else;
                scanner.at += 1;
            }
            b'}' | b']' | b')' => {
                open = open.saturating_sub(1);
                round = round.saturating_sub(usize::from(byte == b')'));
                scanner.at += 1;
            }
            b'"' => scanner.string()?,
            b'#' => scanner.skip_while(|byte| byte != b'\n' && byte != b'\r'),
            b'-' | b'0'..=b'9' => scanner.number(),
            b'_' | b'a'..=b'z' | b'A'..=b'Z' => {
                let name = scanner.name()?;
                let selects = open > 0 && round == 0 && !matches!(before, Before::Dots | Before::At);
                fields += usize::from(selects);
                before = match before {
                    Before::Dots if name == "on" => Before::Dots,
                    _ if selects => Before::Field,
                    _ => Before::Else,
                };
            }
            b'.' => {
                before = Before::Dots;
                scanner.skip_while(|byte| byte == b'.');
            }
            b'@' => {
                before = Before::At;
                scanner.at += 1;
            }
            b':' => {
                // What an alias stands for counts, and not the alias.
                fields -= usize::from(matches!(before, Before::Field));
                before = Before::Else;
                scanner.at += 1;
            }
            _ => scanner.at += 1,
        }
    }
    scanner.copy(text.len());
    Ok(Scanned { template: scanner.template, literals: scanner.literals, tokens, fields })
}

struct Scanner<'a> {
    text: &'a str,
    /// The next byte to look at.
    at: usize,
    /// Everything before this is in the template.
    copied: usize,
    template: String,
    literals: Vec<Literal<'a>>,
}

impl<'a> Scanner<'a> {
    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    fn skip_while(&mut self, keep: impl Fn(u8) -> bool) {
        self.at += self.rest().iter().take_while(|byte| keep(**byte)).count();
    }

    /// Copies what was not copied yet, up to `to`.
    fn copy(&mut self, to: usize) {
        self.template.push_str(self.text.get(self.copied..to).unwrap_or_default());
        self.copied = to;
    }

    /// Lifts the literal from `from` up to here.
    fn lift(&mut self, from: usize) {
        let Some(text) = self.text.get(from..self.at) else { return };
        let literal = Literal::new(text, from);
        self.copy(from);
        literal.stand_in(self.literals.len(), &mut self.template);
        self.copied = self.at;
        self.literals.push(literal);
    }

    fn name(&mut self) -> Result<&'a str, ScanError> {
        let from = self.at;
        self.skip_while(|byte| byte == b'_' || byte.is_ascii_alphanumeric());
        let name = self.text.get(from..self.at).unwrap_or_default();
        if name.len() > NAME { Err(ScanError::LongName) } else { Ok(name) }
    }

    /// A string; one that the parser will refuse stays where it is.
    fn string(&mut self) -> Result<(), ScanError> {
        if self.rest().starts_with(b"\"\"\"") {
            self.block_string();
            return Ok(());
        }
        let from = self.at;
        let mut is_sound = true;
        self.at += 1;
        loop {
            self.skip_while(|byte| !matches!(byte, b'"' | b'\\' | b'\n' | b'\r'));
            match (self.peek(), self.rest().get(1)) {
                (Some(b'\\'), Some(b'u')) => is_sound &= self.unicode_escape()?,
                (Some(b'\\'), escaped) => {
                    is_sound &= escaped.is_some_and(|byte| b"\"\\/bfnrt".contains(byte));
                    self.at += 2;
                }
                (Some(b'"'), _) => {
                    self.at += 1;
                    break;
                }
                (Some(_), _) => {
                    self.at += 1;
                    return Ok(());
                }
                (None, _) => return Ok(()),
            }
        }
        if is_sound {
            self.lift(from);
        }
        Ok(())
    }

    fn block_string(&mut self) {
        self.at += 3;
        while !self.rest().is_empty() && !self.rest().starts_with(b"\"\"\"") {
            self.at += if self.rest().starts_with(b"\\\"\"\"") { 4 } else { 1 };
        }
        self.at += 3;
    }

    /// Passes over a `\u` escape, or two that are one character; whether it is one.
    fn unicode_escape(&mut self) -> Result<bool, ScanError> {
        let escape = self.text.get(self.at..).unwrap_or_default();
        match (unit(escape), joined(escape)) {
            (_, Some((_, length))) => self.at += length,
            (Some(_), None) => return Err(ScanError::LoneSurrogate),
            (None, None) => {
                self.at += 2;
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn number(&mut self) {
        let from = self.at;
        self.skip_while(|byte| matches!(byte, b'-' | b'+' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' | b'_'));
        let text = self.text.get(from..self.at).unwrap_or_default();
        if serde_json::from_str::<&serde_json::value::RawValue>(text).is_ok() {
            self.lift(from);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The text with its literals back in their places.
    fn restored(text: &str) -> String {
        let Scanned { mut template, literals, .. } = scan(text, 10, usize::MAX).unwrap();
        for (number, literal) in literals.iter().enumerate() {
            let mut stand_in = String::new();
            literal.stand_in(number, &mut stand_in);
            template = template.replace(&stand_in, literal.text);
        }
        template
    }

    #[test]
    fn tokens_are_counted_and_bounded() {
        let text = "query Q($a: Int = -5, $b: [ID!]) { # none\n ...F a(b: \"x y\", c: \"\"\" z \"\"\") }";
        let tokens = 9 + 7 + 2 + 2 + 2 + 3 + 3 + 2;
        assert_eq!(scan(text, 9, tokens).map(|scanned| scanned.tokens), Ok(tokens));
        assert_eq!(scan(text, 9, tokens - 1), Err(ScanError::TooManyTokens));
        let name = |length: usize| scan(&"n".repeat(length), 9, 9).map(|scanned| scanned.tokens);
        assert_eq!((name(NAME), name(NAME + 1)), (Ok(1), Err(ScanError::LongName)));
    }

    #[test]
    fn fields_are_counted_before_any_fragment_is_in_its_place() {
        let text = "query Q($a: Int = 5 @x(c: {on: 1}), $b: [T!]) @y { a: b(n: $a, o: {p: {q: r}}) @z(d: e) { c, d }
            ... @skip(if: $s) { e } ... on T { f } ...F on: on on } # g
            fragment F on T @w { h \"i\" \"\"\"j\"\"\" ... { k } }";
        let fields = |text: &str| scan(text, 9, usize::MAX).map(|scanned| scanned.fields);
        assert_eq!(fields(text), Ok(5 + 2 + 2));
        assert_eq!((fields("{ a @on b @on c }"), fields("{ a b c : : : }")), (Ok(3), Ok(2)));
    }

    #[test]
    fn texts_that_differ_in_their_literals_only_have_one_template() {
        let text = |key: &str, limit: &str| {
            let text =
                format!("query Q($a: Int = -5) {{ key_value(where: {{key: {{_eq: {key}}}}}, limit: {limit}) }} # 9");
            assert_eq!(restored(&text), text);
            scan(&text, 10, usize::MAX).unwrap().template
        };
        let template = text("\"a\\\"\\u00e9\"", "12");
        assert_eq!(template, text("\"\"", "-7"));
        for other in [text("7", "12"), text("\"a\"", "1.5"), text("\"\"\"a\"\"\"", "12"), text("a", "12")] {
            assert_ne!(template, other);
        }
    }

    #[test]
    fn what_is_no_literal_is_left_to_the_parser() {
        for text in [
            r#""a\x""#,
            r#""a\u12g4""#,
            "\"a\nb\"",
            "\"a\rb",
            "\"a\\",
            "007",
            "1.",
            "5a",
            "- a",
            "\"\"\"a\\u0041\"\"\"",
        ] {
            assert_eq!(scan(text, 10, usize::MAX).map(|scanned| scanned.template), Ok(text.to_owned()));
        }
    }

    #[test]
    fn brackets_in_strings_and_comments_do_not_nest() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let scan = |text: &str| scan(text, 5, usize::MAX).map(|_| ());
        assert_eq!((scan(&nested(5)), scan(&nested(6))), (Ok(()), Err(ScanError::TooDeep)));
        assert!(scan("\"\"\" [[[[[[ \\\"\"\" [[[ \"\"\" #[[[[[[\n \"[[[[[[[\"").is_ok());
        assert!(scan("\"\"\" never ends \\").is_ok());
        assert!(scan("\"never ends \\").is_ok());
    }
}

//! POSIX advanced regular expressions, PostgreSQL's `~`, in terms of the regex crate.
//!
//! The languages differ where it hurts: `$` before a last line break, what `\d` and `{` mean, how a
//! bracket reads. So the pattern is read by PostgreSQL's grammar and written anew, nothing of it
//! being passed on as it is.

mod bracket;
mod classes;
mod escape;
mod options;

use regex::{Regex, RegexBuilder};

use self::options::Options;
use super::{PatternBudget, lower};
use crate::domain::{Fault, KvError};

/// Bytes that a compiled pattern may take: the regex crate does not tell what one took, so the
/// bounds are tried from the least on, and the one that is enough is what the pattern costs.
const SIZES: [usize; 4] = [8 << 10, 64 << 10, 640 << 10, 10 << 20];

/// Bytes that its translation may take: parsing needs some hundred times as much.
const TRANSLATION: usize = 256 << 10;

/// Most repetitions that a bound may ask for, as in PostgreSQL.
const REPETITIONS: u32 = 255;

/// A compiled expression.
#[derive(Debug, Clone)]
pub(super) struct Posix {
    regex: Regex,
    fold: bool,
}

impl Posix {
    /// The expression `source`, paid from `budget`; where `fold` says so, without regard to case.
    pub(super) fn new(source: &str, fold: bool, budget: &PatternBudget) -> Result<Self, KvError> {
        let (options, rest) = Options::read(source, fold)?;
        let mut translator = Translator { rest, options, out: String::new(), open: 0, groups: 0, operand: false };
        translator.run()?;
        Ok(Self { regex: compile(&translator.out, budget)?, fold: options.fold })
    }

    /// Whether the expression matches somewhere in `text`.
    ///
    /// Without regard to case means: pattern and text in lower case, so that ILIKE and `~*` agree.
    pub(super) fn matches(&self, text: &str) -> bool {
        if self.fold {
            self.regex.is_match(&text.chars().map(lower).collect::<String>())
        } else {
            self.regex.is_match(text)
        }
    }
}

fn compile(translation: &str, budget: &PatternBudget) -> Result<Regex, KvError> {
    for size in SIZES {
        if size > budget.left() {
            return Err(KvError::bad_query(Fault::Text, "the query's patterns are too large together"));
        }
        // The cache that matching fills may grow to some times the program's size.
        let mut builder = RegexBuilder::new(translation);
        match builder
            .dot_matches_new_line(true)
            .size_limit(size)
            .dfa_size_limit((4 * size).clamp(128 << 10, 2 << 20))
            .build()
        {
            Ok(regex) => {
                budget.spend(size);
                return Ok(regex);
            }
            Err(regex::Error::CompiledTooBig(_)) => {}
            Err(_) => return Err(invalid("nested too deep")),
        }
    }
    Err(too_large())
}

/// PostgreSQL's words for what is wrong with a pattern; never the pattern itself.
fn invalid(what: &str) -> KvError {
    KvError::bad_query(Fault::Text, format!("invalid regular expression: {what}"))
}

fn too_large() -> KvError {
    KvError::bad_query(Fault::Text, "the pattern is too large")
}

fn unsupported(what: &str) -> KvError {
    KvError::bad_query(Fault::Text, format!("regular expressions with {what} are not supported"))
}

/// Reads a pattern from the left and writes its translation.
struct Translator<'a> {
    rest: &'a str,
    options: Options,
    out: String,
    /// Parentheses open at present.
    open: usize,
    /// Capturing parentheses so far.
    groups: usize,
    /// Whether a quantifier may follow.
    operand: bool,
}

impl Translator<'_> {
    fn run(&mut self) -> Result<(), KvError> {
        if self.options.literal {
            while let Some(c) = self.next() {
                self.literal(c);
            }
            return self.check_size();
        }
        while let Some(c) = self.next() {
            self.token(c)?;
            self.check_size()?;
        }
        if self.open == 0 { Ok(()) } else { Err(invalid("parentheses () not balanced")) }
    }

    fn token(&mut self, c: char) -> Result<(), KvError> {
        match c {
            '(' => self.group()?,
            ')' => {
                self.open = self.open.checked_sub(1).ok_or_else(|| invalid("parentheses () not balanced"))?;
                self.atom(")");
            }
            '|' => self.constraint("|"),
            '*' | '+' | '?' => self.quantifier(c.encode_utf8(&mut [0]))?,
            '{' if self.rest.starts_with(|c: char| c.is_ascii_digit()) => self.bound()?,
            '[' => self.bracket()?,
            '\\' => self.escape()?,
            '.' => self.atom(if self.options.lines_bound { "[^\\n]" } else { "." }),
            '^' => self.constraint(if self.options.lines_anchor { "(?m:^)" } else { "\\A" }),
            '$' => self.constraint(if self.options.lines_anchor { "(?m:$)" } else { "\\z" }),
            '#' if self.options.expanded => self.skip_to('\n'),
            c if self.options.expanded && classes::is_space(c) => {}
            c => self.literal(c),
        }
        Ok(())
    }

    fn check_size(&self) -> Result<(), KvError> {
        if self.out.len() <= TRANSLATION { Ok(()) } else { Err(too_large()) }
    }

    fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    /// Takes `token` off the pattern, if it comes next.
    fn eat(&mut self, token: &str) -> bool {
        let after = self.rest.strip_prefix(token);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn skip_to(&mut self, end: char) {
        self.rest = self.rest.split_once(end).map_or("", |(_, after)| after);
    }

    fn atom(&mut self, translation: &str) {
        self.out.push_str(translation);
        self.operand = true;
    }

    /// Writes what no quantifier may follow.
    fn constraint(&mut self, translation: &str) {
        self.out.push_str(translation);
        self.operand = false;
    }

    fn literal(&mut self, c: char) {
        let c = if self.options.fold { lower(c) } else { c };
        self.atom(&regex::escape(c.encode_utf8(&mut [0; 4])));
    }

    /// No group captures: only whether there is a match is of interest.
    fn group(&mut self) -> Result<(), KvError> {
        if self.eat("?#") {
            self.skip_to(')');
            return Ok(());
        }
        if self.eat("?=") || self.eat("?!") {
            return Err(unsupported("look-ahead, (?=...) or (?!...),"));
        }
        if self.eat("?<=") || self.eat("?<!") {
            return Err(unsupported("look-behind, (?<=...) or (?<!...),"));
        }
        if !self.eat("?:") {
            self.groups += 1;
        }
        self.open += 1;
        self.constraint("(?:");
        Ok(())
    }

    /// Whether a match is as short or as long as can be makes no difference here.
    fn quantifier(&mut self, quantifier: &str) -> Result<(), KvError> {
        if !self.operand {
            return Err(invalid("quantifier operand invalid"));
        }
        self.eat("?");
        self.constraint(quantifier);
        Ok(())
    }

    fn bound(&mut self) -> Result<(), KvError> {
        let least = self.count()?;
        let most = if !self.eat(",") {
            Some(least)
        } else if self.rest.starts_with('}') {
            None
        } else {
            Some(self.count()?)
        };
        if !self.eat("}") {
            return Err(invalid("braces {} not balanced"));
        }
        match most {
            Some(most) if most < least => Err(invalid("invalid repetition count(s)")),
            Some(most) => self.quantifier(&format!("{{{least},{most}}}")),
            None => self.quantifier(&format!("{{{least},}}")),
        }
    }

    fn count(&mut self) -> Result<u32, KvError> {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        let (digits, rest) = self.rest.split_at(end);
        self.rest = rest;
        if digits.is_empty() {
            return Err(invalid("braces {} not balanced"));
        }
        let count = digits.parse().ok().filter(|count| *count <= REPETITIONS);
        count.ok_or_else(|| invalid("invalid repetition count(s)"))
    }
}

#[cfg(test)]
mod tests;

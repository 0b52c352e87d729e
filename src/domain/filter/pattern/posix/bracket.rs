//! Bracket expressions: `[a-z]`, `[^[:space:]]`.

use super::{Translator, classes, invalid};
use crate::domain::{KvError, filter::pattern::lower};

/// What one part of a bracket stands for.
enum Part {
    One(char),
    Class(&'static str),
}

impl Translator<'_> {
    /// Translates the bracket whose `[` is already read.
    pub(super) fn bracket(&mut self) -> Result<(), KvError> {
        if self.eat("[:<:]]") {
            self.constraint("\\b{start}");
            return Ok(());
        }
        if self.eat("[:>:]]") {
            self.constraint("\\b{end}");
            return Ok(());
        }
        self.atom("[");
        if self.eat("^") {
            self.out.push_str(if self.options.lines_bound { "^\\n" } else { "^" });
        }
        let mut first = true;
        while first || !self.eat("]") {
            self.member(first)?;
            self.check_size()?;
            first = false;
        }
        self.out.push(']');
        Ok(())
    }

    /// A character, class or range.
    fn member(&mut self, first: bool) -> Result<(), KvError> {
        if !first && self.rest.starts_with('-') && !self.rest.starts_with("-]") {
            return Err(invalid("invalid character range"));
        }
        let start = match self.part()? {
            Part::Class(class) => {
                self.out.push_str(class);
                return Ok(());
            }
            Part::One(start) => start,
        };
        if self.rest.starts_with("-]") || !self.eat("-") {
            self.range(start, start);
            return Ok(());
        }
        match self.part()? {
            Part::One(end) if start <= end => self.range(start, end),
            _ => return Err(invalid("invalid character range")),
        }
        Ok(())
    }

    fn part(&mut self) -> Result<Part, KvError> {
        for mark in [":", "=", "."] {
            if self.eat(&format!("[{mark}")) {
                return self.named(mark);
            }
        }
        match self.next() {
            None => Err(invalid("brackets [] not balanced")),
            Some('\\') => match self.class_escape() {
                Some(class) => Ok(Part::Class(class)),
                None if self.rest.starts_with(|c| matches!(c, '1'..='9')) => Err(invalid("invalid escape \\ sequence")),
                None => self.character().map(Part::One),
            },
            Some(c) => Ok(Part::One(c)),
        }
    }

    /// The rest of `[:class:]`, `[=c=]` or `[.c.]`.
    fn named(&mut self, mark: &str) -> Result<Part, KvError> {
        let (name, rest) =
            self.rest.split_once(&format!("{mark}]")).ok_or_else(|| invalid("brackets [] not balanced"))?;
        self.rest = rest;
        if mark == ":" {
            let class = classes::named(name, self.options.fold);
            return class.map(Part::Class).ok_or_else(|| invalid("invalid character class"));
        }
        let mut chars = name.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) => Ok(Part::One(c)),
            _ => Err(invalid("invalid collating element")),
        }
    }

    fn range(&mut self, start: char, end: char) {
        if self.options.fold && start == end {
            return self.span(lower(start), lower(start));
        }
        self.span(start, end);
        if self.options.fold {
            classes::lowered(start, end).for_each(|c| self.span(c, c));
        }
    }

    fn span(&mut self, start: char, end: char) {
        for (c, before) in [(start, ""), (end, "-")] {
            self.out.push_str(before);
            self.out.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
        }
    }
}

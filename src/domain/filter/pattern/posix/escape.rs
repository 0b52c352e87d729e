//! What a backslash starts.

use super::{Translator, classes, invalid, unsupported};
use crate::domain::KvError;

impl Translator<'_> {
    /// Translates the escape whose backslash is already read.
    pub(super) fn escape(&mut self) -> Result<(), KvError> {
        match self.rest.chars().next() {
            Some('A') => self.constraint_escape("\\A"),
            Some('Z') => self.constraint_escape("\\z"),
            Some('m') => self.constraint_escape("\\b{start}"),
            Some('M') => self.constraint_escape("\\b{end}"),
            Some('y') => self.constraint_escape("\\b"),
            Some('Y') => self.constraint_escape("\\B"),
            Some('1'..='9') if self.is_back_reference() => return Err(unsupported("back-references, such as \\1,")),
            _ => {
                if let Some(class) = self.class_escape() {
                    self.atom(class);
                } else {
                    let c = self.character()?;
                    self.literal(c);
                }
            }
        }
        Ok(())
    }

    fn constraint_escape(&mut self, translation: &str) {
        self.next();
        self.constraint(translation);
    }

    /// One digit is a back-reference whatever comes before it; more are one if there are so many
    /// groups, else they are an octal number.
    fn is_back_reference(&self) -> bool {
        let end = self.rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(self.rest.len());
        end == 1 || self.rest[..end].parse().is_ok_and(|group: usize| group <= self.groups)
    }

    /// Takes the letter of a class such as `\d`, if it comes next; gives the class.
    pub(super) fn class_escape(&mut self) -> Option<&'static str> {
        let class = classes::shorthand(self.rest.chars().next()?)?;
        self.next();
        Some(class)
    }

    /// The one character that the escape stands for.
    pub(super) fn character(&mut self) -> Result<char, KvError> {
        let bad = || invalid("invalid escape \\ sequence");
        Ok(match self.next().ok_or_else(bad)? {
            'a' => '\u{7}',
            'b' => '\u{8}',
            'B' => '\\',
            'c' => self.next().and_then(|c| char::from_u32(u32::from(c) & 0x1F)).ok_or_else(bad)?,
            'e' => '\u{1b}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'v' => '\u{b}',
            'u' => self.number(16, 4, 4).ok_or_else(bad)?,
            'U' => self.number(16, 8, 8).ok_or_else(bad)?,
            'x' => self.number(16, 1, 255).ok_or_else(bad)?,
            digit @ '0'..='7' => self.octal(digit).ok_or_else(bad)?,
            c if c.is_ascii_alphanumeric() => return Err(bad()),
            c => c,
        })
    }

    /// The character whose code comes next in digits of `radix`.
    fn number(&mut self, radix: u32, least: usize, most: usize) -> Option<char> {
        let digits = self.rest.chars().take(most).take_while(|c| c.is_digit(radix)).count();
        let (digits, rest) = self.rest.split_at(digits);
        self.rest = rest;
        let significant = digits.trim_start_matches('0');
        match u32::from_str_radix(significant, radix) {
            _ if digits.len() < least => None,
            Ok(code) => char::from_u32(code),
            Err(_) => significant.is_empty().then_some('\0'),
        }
    }

    /// The character of `first` and up to two more octal digits, at most 255.
    fn octal(&mut self, first: char) -> Option<char> {
        let more = if first <= '3' { 2 } else { 1 };
        let digits = self.rest.chars().take(more).take_while(|c| c.is_digit(8)).count();
        let (digits, rest) = self.rest.split_at(digits);
        self.rest = rest;
        u8::from_str_radix(&format!("{first}{digits}"), 8).ok().map(char::from)
    }
}

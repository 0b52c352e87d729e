//! Kestra's `??`, which the engine does not know.
//!
//! `a.b ?? c` becomes `((a | at('b')) | some or [c]) | first`, with two filters of ours: `at` is undefined where there is
//! nothing to look into, `some` is a list of the value, or of nothing where it is null or undefined. So a part is
//! evaluated only where those before it are missing. As in Kestra it binds tighter than any other operator, and takes
//! what filters made of its left side (`BinaryOperatorImpl("??", 120, ..., LEFT)` of its template extension).

use std::borrow::Cow;

/// Brackets in brackets; of deeper ones the engine has its own opinion.
const DEPTH: usize = 100;

/// The template with every `??` of its expressions and statements spelled as the engine knows it.
pub(super) fn template(text: &str) -> Cow<'_, str> {
    if !text.contains("??") {
        return Cow::Borrowed(text);
    }
    let (mut out, mut cursor) = (String::new(), Cursor { rest: text });
    while let Some(at) = cursor.rest.find('{') {
        out.push_str(cursor.take(at));
        match cursor.rest.as_bytes().get(1) {
            Some(b'#') => out.push_str(cursor.through("#}")),
            Some(b'%') if cursor.rest[2..].trim_start_matches('-').trim_start().starts_with("raw") => {
                out.push_str(cursor.through("endraw"));
            }
            Some(b'%') => out.push_str(&cursor.tag("%}")),
            Some(b'{') => out.push_str(&cursor.tag("}}")),
            _ => out.push_str(cursor.take(1)),
        }
    }
    out.push_str(cursor.rest);
    Cow::Owned(out)
}

/// The same, of an expression alone.
pub(super) fn expression(text: &str) -> Cow<'_, str> {
    if text.contains("??") { Cow::Owned(Cursor { rest: text }.expression("\0", 0)) } else { Cow::Borrowed(text) }
}

/// What is not read yet.
struct Cursor<'a> {
    rest: &'a str,
}

/// A name, literal or group with all that hangs on it: `a.b[0]`, `f(x)`, `'text'`.
struct Operand {
    /// As it is written.
    plain: String,
    /// Undefined where `plain` would look into nothing.
    soft: String,
}

impl<'a> Cursor<'a> {
    fn take(&mut self, length: usize) -> &'a str {
        let (taken, rest) = self.rest.split_at(length);
        self.rest = rest;
        taken
    }

    fn take_while(&mut self, is: impl Fn(char) -> bool) -> &'a str {
        self.take(self.rest.find(|c| !is(c)).unwrap_or(self.rest.len()))
    }

    fn word(&mut self) -> &'a str {
        self.take_while(|c| c.is_alphanumeric() || c == '_')
    }

    /// All up to the end of `close`.
    fn through(&mut self, close: &str) -> &'a str {
        self.take(self.rest.find(close).map_or(self.rest.len(), |at| at + close.len()))
    }

    /// A tag that ends with `close`, whose beginning is as long.
    fn tag(&mut self, close: &str) -> String {
        let open = self.take(close.len()).to_owned();
        open + &self.expression(close, 0)
    }

    /// All up to `close`, which is left.
    fn expression(&mut self, close: &str, depth: usize) -> String {
        let mut out = String::new();
        while !self.rest.is_empty() && !self.rest.starts_with(close) {
            match self.operand(depth) {
                Some(operand) => out.push_str(&self.chain(operand, depth)),
                None => out.push_str(self.take(self.rest.chars().next().map_or(0, char::len_utf8))),
            }
        }
        out
    }

    /// An operand with the filters and the `??` that follow it, from the left to the right.
    fn chain(&mut self, first: Operand, depth: usize) -> String {
        let mut left = first;
        loop {
            let before = self.rest;
            let space = self.take_while(char::is_whitespace);
            if self.rest.starts_with('|') && !self.rest.starts_with("||") {
                let filter = [space, self.take(1), self.take_while(char::is_whitespace), self.word()].concat();
                let arguments = if self.rest.starts_with('(') { self.group(depth) } else { String::new() };
                left.plain = left.plain + &filter + &arguments;
                left.soft = left.soft + &filter + &arguments;
            } else if self.rest.starts_with("??") {
                self.take(2);
                let space = [space, self.take_while(char::is_whitespace)].concat();
                let sign = self.take_while(|c| c == '-');
                // Where nothing follows, the engine says so.
                let Some(Operand { plain, soft }) = self.operand(depth) else { return left.plain + "??" };
                left.plain = format!("((({})|some or {space}[{sign}{plain}])|first)", left.soft);
                left.soft = format!("((({})|some or {space}[{sign}{soft}])|first)", left.soft);
            } else {
                self.rest = before;
                return left.plain;
            }
        }
    }

    fn operand(&mut self, depth: usize) -> Option<Operand> {
        let first = self.rest.chars().next()?;
        let mut operand = match first {
            '"' | '\'' => Operand::of(self.quoted(first)),
            '(' | '[' | '{' if depth < DEPTH => Operand::of(self.group(depth)),
            '0'..='9' => return Some(Operand::of(self.take_while(|c| c.is_alphanumeric() || c == '_' || c == '.'))),
            c if c.is_alphanumeric() || c == '_' => Operand::of(self.word()),
            _ => return None,
        };
        loop {
            let mut after = self.rest.chars();
            match (after.next(), after.next()) {
                (Some('.'), Some(c)) if c.is_alphanumeric() || c == '_' => {
                    self.take(1);
                    let name = self.word();
                    operand.look(&format!(".{name}"), &format!("'{name}'"), !self.rest.starts_with('('));
                }
                (Some('['), _) if depth < DEPTH => {
                    let group = self.group(depth);
                    let inside = &group[1..group.len().max(2) - 1];
                    operand.look(&group, inside, !inside.contains(':'));
                }
                (Some('('), _) if depth < DEPTH => {
                    let group = self.group(depth);
                    operand.look(&group, "", false);
                }
                _ => return Some(operand),
            }
        }
    }

    /// A text with its quotes.
    fn quoted(&mut self, quote: char) -> &'a str {
        let mut escaped = false;
        let end = self.rest.char_indices().skip(1).find(|(_, c)| {
            let ends = !escaped && *c == quote;
            escaped = !escaped && *c == '\\';
            ends
        });
        self.take(end.map_or(self.rest.len(), |(at, _)| at + 1))
    }

    /// What stands in brackets, with them.
    fn group(&mut self, depth: usize) -> String {
        let open = self.take(1);
        let close = match open {
            "(" => ")",
            "[" => "]",
            _ => "}",
        };
        let inside = self.expression(close, depth + 1);
        [open, &inside, self.take(close.len().min(self.rest.len()))].concat()
    }
}

impl Operand {
    fn of(text: impl Into<String>) -> Self {
        let plain = text.into();
        Self { soft: plain.clone(), plain }
    }

    /// Hangs `.name`, `[key]` or `(arguments)` on it.
    fn look(&mut self, written: &str, key: &str, is_key: bool) {
        self.plain.push_str(written);
        if is_key {
            self.soft = format!("({}|at({key}))", self.soft);
        } else {
            self.soft.push_str(written);
        }
    }
}

#[cfg(test)]
mod tests {
    use minijinja::{Environment, UndefinedBehavior, context};

    use super::*;

    fn rendered(text: &str) -> String {
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::SemiStrict);
        super::super::filters::add(&mut environment);
        environment.add_function("fail", || -> Result<(), minijinja::Error> {
            Err(minijinja::Error::new(minijinja::ErrorKind::InvalidOperation, "was called"))
        });
        let context = context! { a => 1, none => (), map => context! { key => "v" }, list => [1, 2], text => "t" };
        environment.render_str(&template(text), context).unwrap_or_else(|error| error.to_string())
    }

    #[test]
    fn the_first_part_that_is_there_counts_and_those_after_it_are_not_asked() {
        for (text, expected) in [
            ("{{ a ?? 2 }} {{ none ?? 2 }} {{ nobody ?? 2 }} ?? {{ none ?? nobody ?? 'd' }}", "1 2 2 ?? d"),
            ("{{ map.key ?? 'd' }}{{ map.other.deep[0] ?? 'd' }}{{ nobody.x['y'] ?? 'd' }}{{ list[1] ?? 0 }}", "vdd2"),
            ("{{ a ?? fail() }}{{ 'n' if not (false ?? true) }}{{ 0 ?? 1 }}{{ '' ?? 'x' }}{{ none ?? -5 }}", "1n0-5"),
            ("{{ [none ?? 'in brackets', (nobody ?? a) + 1] | join(' ') }}", "in brackets 2"),
            ("{{ {'k': none ?? 'v'}['k'] }}{{ text | replace('t', none ?? 'u') }}", "vu"),
            ("{% if nobody ?? true %}yes{% endif %}{% set x = none ?? 'set' %}{{ x }}", "yesset"),
            ("{{ none ?? text | upper }}{{ text | upper ?? 'd' }}{{ none ?? nobody ?? text | upper }}", "TTT"),
            (
                "{{ 1 + none ?? 2 }}{{ 'a' ~ none ?? 'b' }}{{ '??' }}{# ?? #}{% raw %}{{ a ?? b }}{% endraw %}",
                "3ab??{{ a ?? b }}",
            ),
            (
                "{{- none\n ??\n 'x' -}} |{{ {'a': {'b': 1}} ?? 2 }}{{ \"}} \\\" ??\" ?? 3 }}",
                "x|{'a': {'b': 1}}}} \" ??",
            ),
            ("{{ list[0:1] ?? 'd' }}{{ text.upper ?? 'no method' }}{{ 1.5 ?? 2 }}", "[1]no method1.5"),
        ] {
            assert_eq!(rendered(text), expected, "{text}: {}", template(text));
        }
    }

    #[test]
    fn broken_templates_are_left_for_the_engine_to_refuse() {
        let nested = format!("{{{{ a ?? {}", "(".repeat(100_000));
        for text in [
            "{{ ?? }}",
            "{{ a ?? }}",
            "{{ a ?? (b }}",
            "{{ a ?? 'b }}",
            "{{ a ??",
            "{% ??",
            "{{ a ?? b[ }}",
            nested.as_str(),
        ] {
            assert!(rendered(text).contains("syntax error"), "{text}: {}", rendered(text));
        }
    }

    #[test]
    fn the_lines_of_a_template_stay_where_they_are() {
        let text = "{{ a\n ??\n b }}\n{{ nobody ?? nothing }}";
        assert_eq!(template(text).lines().count(), text.lines().count());
    }
}

//! Where in a text stands what is somewhere in its template.

use async_graphql::Pos;

use super::literal::{Literal, width};

/// A text and where its literals are, to tell where in it something of its template stands.
#[derive(Debug, Clone, Default)]
pub(in crate::graphql) struct Places {
    text: Box<str>,
    /// Start and end of each literal.
    literals: Vec<(usize, usize)>,
}

impl Places {
    pub(super) fn new(text: &str, literals: &[Literal<'_>]) -> Self {
        let literals = literals.iter().map(|literal| (literal.at, literal.at + literal.text.len())).collect();
        Self { text: text.into(), literals }
    }

    /// Where in the text stands what is at `wanted` in the template. Literals hold no line ends, so that only
    /// columns differ.
    pub(in crate::graphql) fn find(&self, wanted: Pos) -> Pos {
        let (mut here, mut there) = (Pos { line: 1, column: 1 }, 1);
        let mut literals = self.literals.iter().enumerate().peekable();
        let mut inside = 0;
        for (at, char) in self.text.char_indices() {
            if at >= inside {
                if here.line == wanted.line && there >= wanted.column {
                    break;
                }
                there += 1;
                if let Some((number, (_, end))) = literals.next_if(|(_, (start, _))| *start == at) {
                    inside = *end;
                    there += width(number) - 1;
                }
            }
            match char {
                '\n' => (here, there) = (Pos { line: here.line + 1, column: 1 }, 1),
                '\r' => (here.column, there) = (1, 1),
                _ => here.column += 1,
            }
        }
        here
    }
}

#[cfg(test)]
mod tests {
    use super::{super::scan::scan, *};

    #[test]
    fn places_of_the_template_are_found_in_the_text() {
        let text = "{ a(k: \"é\\n\", n: 12) here\n c(k: \"\") there }";
        let scanned = scan(text, 10, usize::MAX).unwrap();
        let places = Places::new(text, &scanned.literals);
        let place = |text: &str, at: usize| {
            let line = text[..at].matches('\n').count() + 1;
            Pos { line, column: text[..at].rsplit('\n').next().unwrap().chars().count() + 1 }
        };
        for sought in ["{", "a(", ", n", ") h", "here", "\n", "c(", ") t", "there", "}"] {
            let (here, there) = (text.rfind(sought).unwrap(), scanned.template.rfind(sought).unwrap());
            assert_eq!(places.find(place(&scanned.template, there)), place(text, here), "{sought:?}");
        }
    }
}

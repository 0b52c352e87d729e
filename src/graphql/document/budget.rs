//! What a request may still ask for; the requests of a batch share one budget.

use super::weight::Weight;
use crate::graphql::limits::Limits;

/// Most values that introspection may give, by estimate; the query of `GraphiQL` gives some 70,000.
const INTROSPECTION: usize = 250_000;

/// The limits of one HTTP request, and what was spent of them.
#[derive(Debug, Clone, Copy)]
pub(in crate::graphql) struct Budget {
    limits: Limits,
    /// Tokens and values that are left.
    tokens: usize,
    values: usize,
    spent: Weight,
}

impl Budget {
    /// All of `limits`.
    pub(in crate::graphql) fn new(limits: Limits) -> Self {
        Self { limits, tokens: limits.tokens, values: limits.variable_values, spent: Weight::default() }
    }

    /// How many tokens a document may have.
    pub(super) fn tokens(&self) -> usize {
        self.tokens
    }

    /// Takes tokens off the budget: of a document that is then refused as well.
    pub(super) fn spend_tokens(&mut self, tokens: usize) -> Result<(), String> {
        self.tokens = self.tokens.checked_sub(tokens).ok_or_else(|| self.too_many_tokens())?;
        Ok(())
    }

    /// The refusal of a document that has more.
    pub(super) fn too_many_tokens(&self) -> String {
        over("tokens", self.limits.tokens, "limits.tokens")
    }

    /// How many values the variables may have.
    pub(super) fn values(&self) -> usize {
        self.values
    }

    /// Takes one value of a variable off the budget.
    pub(super) fn spend_value(&mut self) -> Result<(), String> {
        let refusal = || over("values in its variables", self.limits.variable_values, "limits.variable_values");
        self.values = self.values.checked_sub(1).ok_or_else(refusal)?;
        Ok(())
    }

    /// Whether a document may select `fields`, counted in its text: it weighs that at least, where each of its fragments is
    /// spread, and what the parser makes of it takes many times the memory of the text.
    pub(super) fn may_select(&self, fields: usize) -> Result<(), String> {
        if self.spent.fields.saturating_add(fields) > self.limits.complexity {
            return Err(over("fields", self.limits.complexity, "limits.complexity"));
        }
        Ok(())
    }

    /// Takes a document's weight off the budget, or says what it has too much of.
    pub(super) fn spend(&mut self, weight: &Weight) -> Result<(), String> {
        let limits = &self.limits;
        if weight.depth > limits.depth {
            let (depth, most) = (weight.depth, limits.depth);
            return Err(format!("the document nests fields {depth} deep, at most {most} is allowed (limits.depth)"));
        }
        let mut total = self.spent;
        for (spent, more, limit, what, setting) in [
            (&mut total.fields, weight.fields, limits.complexity, "fields", "limits.complexity"),
            (&mut total.roots, weight.roots, limits.root_fields, "root fields", "limits.root_fields"),
            (&mut total.aliases, weight.aliases, limits.aliases, "aliases", "limits.aliases"),
            (&mut total.directives, weight.directives, limits.directives, "directives", "limits.directives"),
        ] {
            *spent = spent.saturating_add(more);
            if *spent > limit {
                return Err(over(what, limit, setting));
            }
        }
        total.introspection = total.introspection.saturating_add(weight.introspection);
        if total.introspection > INTROSPECTION {
            return Err("the request asks too much of introspection: lists inside lists, or the same again".to_owned());
        }
        self.spent = total;
        Ok(())
    }
}

fn over(what: &str, limit: usize, setting: &str) -> String {
    format!("the request has too many {what}, at most {limit} are allowed ({setting})")
}

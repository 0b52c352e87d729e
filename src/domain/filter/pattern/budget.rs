//! What the regular expressions of one query may cost together.

use std::cell::Cell;

/// Bytes that all of them may take: some thousand plain ones, or three of the largest.
const TOTAL: usize = 32 << 20;

/// Bytes of compiled expressions that a query may still spend; a single one is bounded beside that.
///
/// Without it 2,000 expressions just below the bound of one would take 20 GiB.
#[derive(Debug)]
pub struct PatternBudget(Cell<usize>);

impl Default for PatternBudget {
    fn default() -> Self {
        Self(Cell::new(TOTAL))
    }
}

impl PatternBudget {
    /// What is left.
    pub(super) fn left(&self) -> usize {
        self.0.get()
    }

    /// Takes `bytes` off.
    pub(super) fn spend(&self, bytes: usize) {
        self.0.set(self.left().saturating_sub(bytes));
    }
}

//! What may stand under the cursor.

use crate::catalog;

/// One word that may stand there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Candidate {
    /// The whole word.
    pub value: String,
    /// What it means, on one line.
    pub about: String,
}

/// All that may.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Completion {
    /// The name of a file, which the shell knows best.
    Files,
    /// These words. None means that nothing is known.
    Values(Vec<Candidate>),
}

impl Candidate {
    pub(super) fn new(value: impl Into<String>, about: impl Into<String>) -> Self {
        let about: String = about.into();
        Self { value: value.into(), about: about.lines().next().unwrap_or_default().to_owned() }
    }
}

impl Completion {
    /// Nothing is known.
    pub(super) fn nothing() -> Self {
        Self::Values(Vec::new())
    }

    /// Those that begin with what was typed.
    pub(super) fn beginning(typed: &str, candidates: impl IntoIterator<Item = Candidate>) -> Self {
        let begins = |candidate: &Candidate| catalog::begins(&candidate.value, typed);
        Self::Values(candidates.into_iter().filter(begins).collect())
    }

    /// The same, each behind what stands before it within its word.
    pub(super) fn behind(self, before: &str) -> Self {
        let Self::Values(mut candidates) = self else { return self };
        for candidate in &mut candidates {
            candidate.value.insert_str(0, before);
        }
        Self::Values(candidates)
    }
}

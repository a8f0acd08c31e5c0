//! What statements leave for the check of those that come after them.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::language::{Block, Span};

/// What earlier statements leave for later ones.
#[derive(Clone, Debug, Default)]
pub(crate) struct Known {
    pub(super) functions: HashMap<String, Arc<Block>>,
    pub(super) prefixes: HashSet<String>,
    pub(super) tables: HashMap<String, Vec<(String, Span)>>,
}

impl Known {
    /// Whether a function of this name was defined.
    pub(crate) fn has_function(&self, name: &str) -> bool {
        self.functions.contains_key(&name.to_lowercase())
    }
}

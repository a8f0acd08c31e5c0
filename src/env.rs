//! The environment of the process as a value: what is read from it can be given in a test.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Environment variables and the few files whose mere existence decides something.
///
/// An empty variable counts as absent everywhere, as in the Go, .NET and Python identity libraries: scripts clear a
/// variable by setting it to nothing, and Azure Arc leaves such variables behind.
#[derive(Clone)]
pub struct Env {
    base: Base,
    overlay: Arc<BTreeMap<String, Option<String>>>,
}

#[derive(Clone)]
enum Base {
    Process,
    Fixed { variables: Arc<BTreeMap<String, String>>, files: Arc<BTreeSet<PathBuf>> },
}

impl Env {
    /// The environment of this process, read when asked.
    pub fn process() -> Self {
        Self { base: Base::Process, overlay: Arc::default() }
    }

    /// An environment that holds these variables alone, on a host with no files.
    pub fn fixed<N: Into<String>, V: Into<String>>(variables: impl IntoIterator<Item = (N, V)>) -> Self {
        let variables = variables.into_iter().map(|(n, v)| (n.into(), v.into())).collect();
        Self {
            base: Base::Fixed { variables: Arc::new(variables), files: Arc::default() },
            overlay: Arc::default(),
        }
    }

    /// The same fixed environment on a host where these files exist. A process environment keeps its own files.
    #[must_use]
    pub fn with_files<P: Into<PathBuf>>(mut self, paths: impl IntoIterator<Item = P>) -> Self {
        if let Base::Fixed { files, .. } = &mut self.base {
            *files = Arc::new(paths.into_iter().map(Into::into).collect());
        }
        self
    }

    /// The same environment with some variables set (`Some`) or hidden (`None`).
    #[must_use]
    pub fn overlaid<N: Into<String>>(
        mut self,
        changes: impl IntoIterator<Item = (N, Option<String>)>,
    ) -> Self {
        let overlay = Arc::make_mut(&mut self.overlay);
        overlay.extend(changes.into_iter().map(|(n, v)| (n.into(), v)));
        self
    }

    /// The value of a variable; `None` where it is unset or empty. Bytes that are no Unicode are replaced, so that a
    /// broken value is reported by whoever parses it instead of being taken for absent.
    pub fn var(&self, name: &str) -> Option<String> {
        let value = match self.overlay.get(name) {
            Some(change) => change.clone(),
            None => match &self.base {
                #[allow(clippy::disallowed_methods)] // The one place that reads the real environment.
                Base::Process => std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()),
                Base::Fixed { variables, .. } => variables.get(name).cloned(),
            },
        };
        value.filter(|value| !value.is_empty())
    }

    /// Whether a variable is set and not empty.
    pub fn has(&self, name: &str) -> bool {
        self.var(name).is_some()
    }

    /// Whether the path names a file that exists.
    pub fn has_file(&self, path: &Path) -> bool {
        match &self.base {
            Base::Process => path.is_file(),
            Base::Fixed { files, .. } => files.contains(path),
        }
    }

    /// Whether this is the real environment, so that what libraries read from it by themselves is meant too.
    pub fn is_process(&self) -> bool {
        matches!(self.base, Base::Process)
    }
}

impl fmt::Debug for Env {
    /// Names only: values of the environment are secrets until shown otherwise.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let base: Vec<&String> = match &self.base {
            Base::Process => Vec::new(),
            Base::Fixed { variables, .. } => variables.keys().collect(),
        };
        f.debug_struct("Env")
            .field("process", &self.is_process())
            .field("variables", &base)
            .field("overlay", &self.overlay.keys().collect::<Vec<_>>())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_variable_is_absent() {
        let env = Env::fixed([("A", ""), ("B", "b")]);
        assert_eq!(env.var("A"), None);
        assert_eq!(env.var("B").as_deref(), Some("b"));
    }

    #[test]
    fn an_overlay_sets_and_hides() {
        let env = Env::fixed([("A", "a"), ("B", "b")])
            .overlaid([("A", None), ("C", Some("c".to_owned()))])
            .overlaid([("D", Some("d".to_owned()))]);
        assert_eq!(
            ["A", "B", "C", "D"].map(|name| env.var(name)),
            [None, Some("b".into()), Some("c".into()), Some("d".into())]
        );
    }

    #[test]
    fn debug_shows_names_and_no_values() {
        let env = Env::fixed([("IDENTITY_HEADER", "s3cret")])
            .overlaid([("MSI_SECRET", Some("t0psecret".to_owned()))]);
        let shown = format!("{env:?}");
        assert!(shown.contains("IDENTITY_HEADER") && shown.contains("MSI_SECRET"));
        assert!(!shown.contains("s3cret") && !shown.contains("t0psecret"));
    }
}

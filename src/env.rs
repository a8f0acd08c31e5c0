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
pub struct Env(Kind);

#[derive(Clone)]
enum Kind {
    Process,
    Fixed { variables: Arc<BTreeMap<String, String>>, files: Arc<BTreeSet<PathBuf>> },
}

impl Env {
    /// The environment of this process, read when asked.
    pub fn process() -> Self {
        Self(Kind::Process)
    }

    /// An environment that holds these variables alone, on a host with no files.
    pub fn fixed<N: Into<String>, V: Into<String>>(variables: impl IntoIterator<Item = (N, V)>) -> Self {
        let variables = variables.into_iter().map(|(n, v)| (n.into(), v.into())).collect();
        Self(Kind::Fixed { variables: Arc::new(variables), files: Arc::default() })
    }

    /// The same fixed environment on a host where these files exist. A process environment keeps its own files.
    #[must_use]
    pub fn with_files<P: Into<PathBuf>>(mut self, paths: impl IntoIterator<Item = P>) -> Self {
        if let Kind::Fixed { files, .. } = &mut self.0 {
            *files = Arc::new(paths.into_iter().map(Into::into).collect());
        }
        self
    }

    /// The value of a variable; `None` where it is unset or empty. Bytes that are no Unicode are replaced, so that a
    /// broken value is reported by whoever parses it instead of being taken for absent.
    pub fn var(&self, name: &str) -> Option<String> {
        let value = match &self.0 {
            #[allow(clippy::disallowed_methods)] // The one place that reads the real environment.
            Kind::Process => std::env::var_os(name).map(|value| value.to_string_lossy().into_owned()),
            Kind::Fixed { variables, .. } => variables.get(name).cloned(),
        };
        value.filter(|value| !value.is_empty())
    }

    /// Whether a variable is set and not empty.
    pub fn has(&self, name: &str) -> bool {
        self.var(name).is_some()
    }

    /// Whether the path names a file that exists.
    pub fn has_file(&self, path: &Path) -> bool {
        match &self.0 {
            Kind::Process => path.is_file(),
            Kind::Fixed { files, .. } => files.contains(path),
        }
    }

    /// Whether this is the real environment, so that what libraries read from it by themselves is meant too.
    pub fn is_process(&self) -> bool {
        matches!(self.0, Kind::Process)
    }
}

impl fmt::Debug for Env {
    /// Names only: values of the environment are secrets until shown otherwise.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Process => f.write_str("Env(process)"),
            Kind::Fixed { variables, .. } => write!(f, "Env({:?})", variables.keys()),
        }
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
    fn debug_shows_names_and_no_values() {
        let shown = format!("{:?}", Env::fixed([("IDENTITY_HEADER", "s3cret")]));
        assert!(shown.contains("IDENTITY_HEADER") && !shown.contains("s3cret"), "{shown}");
    }
}

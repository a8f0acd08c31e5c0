//! The environment of the process as a value: what is read from it can be given in a test.

use std::collections::BTreeMap;
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
    Fixed { variables: Arc<BTreeMap<String, String>>, root: Option<Arc<Path>> },
}

impl Env {
    /// The environment of this process, read when asked.
    pub fn process() -> Self {
        Self(Kind::Process)
    }

    /// An environment that holds these variables alone, on a host with no files.
    pub fn fixed<N: Into<String>, V: Into<String>>(variables: impl IntoIterator<Item = (N, V)>) -> Self {
        let variables = variables.into_iter().map(|(n, v)| (n.into(), v.into())).collect();
        Self(Kind::Fixed { variables: Arc::new(variables), root: None })
    }

    /// The same fixed environment on a host whose own files lie below this folder. A process environment keeps the
    /// real ones.
    #[must_use]
    pub fn rooted(mut self, folder: &Path) -> Self {
        if let Kind::Fixed { root, .. } = &mut self.0 {
            *root = Some(folder.into());
        }
        self
    }

    /// Where a file of the host, named by its absolute path, really lies. On a host without files that is nowhere.
    pub fn locate(&self, path: &Path) -> PathBuf {
        match &self.0 {
            Kind::Process => path.to_owned(),
            Kind::Fixed { root: Some(root), .. } => root.join(path.strip_prefix("/").unwrap_or(path)),
            Kind::Fixed { root: None, .. } => PathBuf::new(),
        }
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

    /// The names of all variables that are set, in order. Their values stay where they are.
    pub fn names(&self) -> Vec<String> {
        let mut names: Vec<String> = match &self.0 {
            #[allow(clippy::disallowed_methods)] // The one place that reads the real environment.
            Kind::Process => {
                std::env::vars_os().map(|(name, _)| name.to_string_lossy().into_owned()).collect()
            }
            Kind::Fixed { variables, .. } => variables.keys().cloned().collect(),
        };
        names.sort_unstable();
        names
    }

    /// Whether a variable is set and not empty.
    pub fn has(&self, name: &str) -> bool {
        self.var(name).is_some()
    }

    /// Whether the host has this file.
    pub fn has_file(&self, path: &Path) -> bool {
        self.locate(path).is_file()
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

//! The key file of the Azure Arc agent: which path may be opened, and how much of it is read.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::env::Env;
use crate::secret::Secret;

/// A key is a few dozen bytes; the official libraries refuse files above this size before they read them.
const LARGEST_KEY: u64 = 4096;

/// Why the agent's challenge was not answered.
#[derive(Debug, thiserror::Error)]
pub enum ArcFault {
    /// There is an agent for Linux and Windows alone.
    #[error("there is no Azure Arc agent for this operating system")]
    NoAgent,
    /// A token or an error came where a challenge belongs.
    #[error("the agent answered without asking for its key file, which no Azure Arc agent does")]
    NotChallenged,
    /// The 401 does not say which file.
    #[error("the agent's challenge does not name its key file")]
    NoPath,
    /// The file is not where the agent keeps its keys.
    #[error("the challenge names a file outside of the agent's own folder, which is not opened")]
    ForeignPath,
    /// The file is no key.
    #[error("the challenge names a file that does not end in .key, which is not opened")]
    WrongExtension,
    /// The path leads elsewhere.
    #[error("the key file is a link or no plain file, and is not opened")]
    NotAFile,
    /// It is too large for a key.
    #[error("the key file is larger than {LARGEST_KEY} bytes, and is not read")]
    TooLarge,
    /// It holds bytes that no header can carry.
    #[error("the key file holds bytes that no header can carry")]
    NotText,
    /// This user may not read it.
    #[error("this user may not read the key file {}", path.display())]
    Denied {
        /// The file.
        path: PathBuf,
    },
    /// It cannot be read for another reason.
    #[error("the key file {} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        error: io::Error,
    },
}

impl ArcFault {
    fn of(path: &Path, error: io::Error) -> Self {
        let path = path.to_owned();
        match error.kind() {
            io::ErrorKind::PermissionDenied => Self::Denied { path },
            _ => Self::Unreadable { path, error },
        }
    }
}

/// The path in `WWW-Authenticate: Basic realm=PATH`.
pub(super) fn challenged_path(header: Option<&str>) -> Result<PathBuf, ArcFault> {
    let (scheme, rest) = header.and_then(|text| text.trim().split_once(' ')).ok_or(ArcFault::NoPath)?;
    let (name, path) = rest.trim().split_once('=').ok_or(ArcFault::NoPath)?;
    let path = path.trim().trim_matches('"');
    let basic = scheme.eq_ignore_ascii_case("basic") && name.trim().eq_ignore_ascii_case("realm");
    if basic && !path.is_empty() { Ok(PathBuf::from(path)) } else { Err(ArcFault::NoPath) }
}

/// The content of a key file.
pub(super) struct Key(pub Secret);

impl Key {
    /// Judges the path, then the file, and reads it.
    pub(super) fn read(env: &Env, path: &Path) -> Result<Self, ArcFault> {
        if path.extension().is_none_or(|extension| extension != "key") {
            return Err(ArcFault::WrongExtension);
        }
        // Equality with the parent leaves no room for `..` and for folders beneath.
        let folder = folder(env);
        if path.parent() != Some(folder.as_path()) || path.file_name().is_none() {
            return Err(ArcFault::ForeignPath);
        }
        let (file, folder) = (env.locate(path), env.locate(&folder));
        let failed = |error| ArcFault::of(path, error);
        let known = fs::symlink_metadata(&file).map_err(failed)?;
        let canonical = fs::canonicalize(&file).map_err(failed)?;
        let at_home = canonical.parent() == fs::canonicalize(&folder).ok().as_deref();
        if !known.is_file() || !at_home {
            return Err(ArcFault::NotAFile);
        }
        if known.len() > LARGEST_KEY {
            return Err(ArcFault::TooLarge);
        }
        let content = fs::read(&canonical).map_err(failed)?;
        let text = String::from_utf8(content).map_err(|_| ArcFault::NotText)?;
        // No library says whether the file ends in a line end; one could not be sent.
        Ok(Self(Secret::from(text.trim_end_matches(['\r', '\n']))))
    }
}

/// Where the agent keeps its keys.
fn folder(env: &Env) -> PathBuf {
    match env.var("ProgramData") {
        Some(folder) if cfg!(windows) => {
            PathBuf::from(folder).join("AzureConnectedMachineAgent").join("Tokens")
        }
        _ => PathBuf::from("/var/opt/azcmagent/tokens"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_taken_from_a_basic_challenge_and_from_nothing_else() {
        for (header, expected) in [
            (Some("Basic realm=/var/opt/azcmagent/tokens/a.key"), Some("/var/opt/azcmagent/tokens/a.key")),
            (Some("basic Realm=\"/x/a=b.key\""), Some("/x/a=b.key")),
            (Some("Basic realm="), None),
            (Some("Basic"), None),
            (Some("Basic somefile=filename"), None),
            (Some("Bearer realm=/x/a.key"), None),
            (Some(""), None),
            (None, None),
        ] {
            let path = challenged_path(header).ok();
            assert_eq!(path.as_deref(), expected.map(Path::new), "{header:?}");
        }
    }

    /// Whoever runs the tests may be root, who may read everything, so the system's answer is given here.
    #[test]
    fn a_key_that_this_user_may_not_read_is_told_from_one_that_is_not_there() {
        let fault = |kind: io::ErrorKind| ArcFault::of(Path::new("/x/a.key"), kind.into());
        assert!(matches!(fault(io::ErrorKind::PermissionDenied), ArcFault::Denied { .. }));
        assert!(matches!(fault(io::ErrorKind::NotFound), ArcFault::Unreadable { .. }));
    }

    #[cfg(target_os = "linux")]
    mod on_linux {
        use super::*;
        use crate::secret::ExposeSecret;

        const HOME: &str = "/var/opt/azcmagent/tokens";

        /// A host whose files lie in a folder of the test's own.
        fn host() -> (tempfile::TempDir, Env) {
            let root = tempfile::tempdir().expect("a folder");
            fs::create_dir_all(root.path().join(&HOME[1..])).expect("the agent's folder");
            let env = Env::fixed([("PATH", "/bin")]).rooted(root.path());
            (root, env)
        }

        fn read(env: &Env, path: &str) -> Result<String, ArcFault> {
            Key::read(env, Path::new(path)).map(|Key(key)| key.expose_secret().to_owned())
        }

        #[test]
        fn a_key_at_home_is_read_without_its_line_end() {
            let (root, env) = host();
            fs::write(root.path().join("var/opt/azcmagent/tokens/a.key"), "s3cret\n").expect("the key");
            assert_eq!(read(&env, "/var/opt/azcmagent/tokens/a.key").ok().as_deref(), Some("s3cret"));
        }

        #[test]
        fn paths_are_judged_before_anything_is_opened() {
            let (_root, env) = host();
            for (path, foreign) in [
                ("/etc/shadow.key", true),
                ("/var/opt/azcmagent/tokens/../a.key", true),
                ("/var/opt/azcmagent/tokens/sub/a.key", true),
                ("/var/opt/azcmagent/a.key", true),
                ("a.key", true),
                ("..\\etc\\filename.key", true),
                ("/var/opt/azcmagent/tokens/a.txt", false),
                ("/var/opt/azcmagent/tokens/key", false),
                ("/var/opt/azcmagent/tokens/.key", false),
            ] {
                let fault = read(&env, path).expect_err(path);
                let expected = if foreign { "ForeignPath" } else { "WrongExtension" };
                assert_eq!(format!("{fault:?}"), expected, "{path}");
            }
        }

        #[test]
        fn files_are_judged_before_they_are_read() {
            let (root, env) = host();
            let home = root.path().join(&HOME[1..]);
            fs::write(home.join("large.key"), vec![b'x'; 4097]).expect("a file");
            fs::write(home.join("full.key"), vec![b'x'; 4096]).expect("a file");
            fs::write(root.path().join("outside.key"), "s3cret").expect("a file");
            fs::create_dir(home.join("folder.key")).expect("a folder");
            std::os::unix::fs::symlink(root.path().join("outside.key"), home.join("link.key"))
                .expect("a link");
            let fault =
                |name: &str| format!("{:?}", read(&env, &format!("{HOME}/{name}")).map(|key| key.len()));
            assert_eq!(fault("large.key"), "Err(TooLarge)");
            assert_eq!(fault("full.key"), "Ok(4096)");
            assert_eq!(fault("folder.key"), "Err(NotAFile)");
            assert_eq!(fault("link.key"), "Err(NotAFile)");
            assert!(fault("missing.key").contains("Unreadable"), "{}", fault("missing.key"));
        }
    }
}

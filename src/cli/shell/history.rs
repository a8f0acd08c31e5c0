//! What was typed, kept for the next time: in the user's own folder, readable by nobody else, and without what looks like
//! a secret.

use std::fs::{DirBuilder, File};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use super::super::lock;
use crate::env::Env;

/// How many entries are kept, and how many there are before the file is cut to that.
const KEPT: usize = 1000;
const MOST: usize = 2 * KEPT;

/// Words of a line that may stand beside a secret, in lower case.
const SECRETS: [&str; 17] = [
    "-accesstoken",
    "-----begin",
    "api-key",
    "api_key",
    "apikey",
    "authorization",
    "bearer",
    "certificate",
    "connectionstring",
    "convertto-securestring",
    "credential",
    "eyj",
    "passphrase",
    "password",
    "pwd",
    "secret",
    "token",
];

/// Whether a line may be kept: none that begins with a blank, by which its writer asks for that, and none that names
/// something secret.
pub(super) fn may_be_kept(line: &str) -> bool {
    let lower = line.to_lowercase();
    !line.starts_with(char::is_whitespace)
        && !line.trim().is_empty()
        && !SECRETS.iter().any(|word| lower.contains(word))
}

/// The file.
pub(super) struct History {
    path: PathBuf,
}

impl History {
    /// Where it lies for this user; `None` where no folder of his own is known.
    pub(super) fn of(env: &Env) -> Option<Self> {
        let folder = if cfg!(windows) {
            PathBuf::from(env.var("LOCALAPPDATA")?)
        } else if cfg!(target_os = "macos") {
            PathBuf::from(env.var("HOME")?).join("Library/Application Support")
        } else {
            let given = env.var("XDG_STATE_HOME").map(PathBuf::from).filter(|path| path.is_absolute());
            given.or_else(|| env.var("HOME").map(|home| PathBuf::from(home).join(".local/state")))?
        };
        Some(Self { path: folder.join("exo-mi").join("history") })
    }

    /// Everything that was kept, the oldest first.
    pub(super) fn load(&self) -> Result<Vec<String>, String> {
        let mut file = self.open()?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(why)?;
        let text = String::from_utf8_lossy(&bytes);
        let mut entries: Vec<String> = text.lines().map(decoded).collect();
        if entries.len() > MOST {
            entries.drain(..entries.len() - KEPT);
            let lines: String = entries.iter().map(|entry| encoded(entry)).collect();
            let written = file.seek(SeekFrom::Start(0)).and_then(|_| file.set_len(0));
            written.and_then(|()| file.write_all(lines.as_bytes())).map_err(why)?;
        }
        Ok(entries)
    }

    /// Adds an entry at the end. Several shells may do so at once.
    pub(super) fn keep(&self, entry: &str) -> Result<(), String> {
        let mut file = self.open()?;
        file.seek(SeekFrom::End(0)).map_err(why)?;
        file.write_all(encoded(entry).as_bytes()).map_err(why)
    }

    /// The file, locked until it is dropped. A link is not followed, since it may have been laid by another.
    fn open(&self) -> Result<File, String> {
        if let Some(folder) = self.path.parent() {
            let mut builder = DirBuilder::new();
            builder.recursive(true);
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(folder).map_err(why)?;
        }
        let file = lock::open(&self.path)?;
        file.lock().map_err(why)?;
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            file.set_permissions(std::fs::Permissions::from_mode(0o600)).map_err(why)?;
        }
        Ok(file)
    }

    /// Its place, for messages.
    pub(super) fn path(&self) -> std::path::Display<'_> {
        self.path.display()
    }
}

#[allow(clippy::needless_pass_by_value)] // A mapper of errors takes them.
fn why(error: io::Error) -> String {
    error.kind().to_string()
}

/// An entry on one line.
fn encoded(entry: &str) -> String {
    entry.replace('\\', "\\\\").replace('\r', "").replace('\n', "\\n") + "\n"
}

fn decoded(line: &str) -> String {
    let mut text = String::new();
    let mut letters = line.chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some('n') => text.push('\n'),
                other => text.extend(other),
            },
            plain => text.push(plain),
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_secret_is_not_kept() {
        for line in [
            " Get-Mailbox",
            "",
            "   ",
            "$p = ConvertTo-SecureString 'x' -AsPlainText -Force",
            "New-Mailbox -Password $p",
            "$Token = 'abc'",
            "Connect-ExchangeOnline -AccessToken $t",
            "$x = 'Bearer abc'",
            "'eyJhbGciOi'",
            "$clientSecret",
            "Import-Something -CertificatePassword x",
            "$c = Get-Credential",
        ] {
            assert!(!may_be_kept(line), "{line}");
        }
        for line in ["Get-Mailbox -Identity meg", "$x = 1\n$x", "Get-AcceptedDomain | ft"] {
            assert!(may_be_kept(line), "{line}");
        }
    }

    #[test]
    fn the_place_is_the_users_own() {
        let place = |variables: &[(&str, &str)]| {
            History::of(&Env::fixed(variables.iter().copied())).map(|history| history.path().to_string())
        };
        if cfg!(target_os = "linux") {
            let state = Some("/s/exo-mi/history".to_owned());
            assert_eq!(place(&[("XDG_STATE_HOME", "/s"), ("HOME", "/h")]), state);
            let home = Some("/h/.local/state/exo-mi/history".to_owned());
            assert_eq!(place(&[("XDG_STATE_HOME", "relative"), ("HOME", "/h")]), home);
        }
        assert_eq!(place(&[]), None);
    }

    #[cfg(unix)]
    #[test]
    fn the_file_is_its_owners_alone_and_a_link_is_refused() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().expect("a folder");
        let history = History { path: folder.path().join("state/exo-mi/history") };
        history.keep("Get-Mailbox |\n  ft C:\\new").expect("kept");
        history.keep("1").expect("kept");
        assert_eq!(history.load(), Ok(vec!["Get-Mailbox |\n  ft C:\\new".to_owned(), "1".to_owned()]));
        let mode = |path: &std::path::Path| path.metadata().expect("there").permissions().mode() & 0o777;
        assert_eq!((mode(&history.path), mode(&folder.path().join("state/exo-mi"))), (0o600, 0o700));
        std::fs::set_permissions(&history.path, std::fs::Permissions::from_mode(0o644)).expect("a mode");
        history.keep("2").expect("kept");
        assert_eq!(mode(&history.path), 0o600);
        let link = History { path: folder.path().join("state/exo-mi/link") };
        symlink(&history.path, &link.path).expect("a link");
        assert!(link.keep("3").is_err() && link.load().is_err());
    }

    #[test]
    fn a_long_history_loses_its_oldest_entries() {
        let folder = tempfile::tempdir().expect("a folder");
        let history = History { path: folder.path().join("history") };
        let lines: Vec<String> = (0..=MOST).map(|number| number.to_string()).collect();
        std::fs::write(&history.path, lines.join("\n")).expect("written");
        for _ in 0..2 {
            let entries = history.load().expect("entries");
            assert_eq!((entries.len(), entries[0].as_str()), (KEPT, "1001"));
        }
    }
}

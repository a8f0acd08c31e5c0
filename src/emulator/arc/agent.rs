//! The agent's folders and the keys that it has written.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::key::{Key, Trick};
use crate::emulator::credential::are_equal;
use crate::emulator::files;
use crate::secret::Secret;

/// Where the keys lie, as a client on the host sees it.
pub(super) const TOKENS: &str = if cfg!(windows) {
    r"C:\ProgramData\AzureConnectedMachineAgent\Tokens"
} else {
    "/var/opt/azcmagent/tokens"
};
/// The agent itself, by which a client may know that it is there.
const BINARY: &str = if cfg!(windows) {
    r"C:\Program Files\AzureConnectedMachineAgent\himds.exe"
} else {
    "/opt/azcmagent/bin/himds"
};
/// How long a key is good.
const LIFETIME: Duration = Duration::from_secs(60);

/// The agent on the disk. What it has put there goes when it is dropped.
pub(crate) struct Agent {
    root: PathBuf,
    keys: Mutex<Vec<Key>>,
    /// Folders and files that were not there before, in the order in which they were made.
    made: Vec<PathBuf>,
}

/// The root under which the paths of the host lie.
pub(super) struct Place<'a>(&'a Path);

impl Agent {
    /// Lays out the agent's folders under a root.
    pub(crate) fn install(root: &Path) -> io::Result<Self> {
        let mut agent = Self { root: root.to_owned(), keys: Mutex::default(), made: Vec::new() };
        let binary = agent.place().on_disk(BINARY);
        let tokens = agent.place().on_disk(TOKENS);
        for folder in [tokens.as_path(), binary.parent().unwrap_or(root)] {
            files::create_folder(folder, &mut agent.made)?;
        }
        if !binary.exists() {
            files::write(&binary, b"", 0o755)?;
            agent.made.push(binary);
        }
        Ok(agent)
    }

    /// Writes a key and returns its path as a client on the host sees it.
    pub(super) fn write_key(&self, trick: Option<Trick>, now: SystemTime) -> io::Result<String> {
        let mut keys = self.keys();
        for key in keys.iter().filter(|key| now > key.written + LIFETIME) {
            key.remove();
        }
        let key = Key::write(&self.place(), trick, now)?;
        let shown = key.shown.clone();
        keys.push(key);
        Ok(shown)
    }

    /// Takes a key that a client has read, once; says what was wrong with it otherwise.
    pub(super) fn redeem(&self, sent: &str, now: SystemTime) -> Result<(), String> {
        let mut keys = self.keys();
        let Some(key) = keys.iter_mut().find(|key| are_equal(sent, &key.content)) else {
            return Err(unknown(&keys, sent).to_owned());
        };
        if let Some(trick) = key.trick {
            return Err(format!("UNCHECKED: the key was used although {}", trick.description()));
        }
        if key.used {
            return Err("the key was used before".to_owned());
        }
        key.used = true;
        key.remove();
        if now > key.written + LIFETIME {
            return Err("the key is older than a minute".to_owned());
        }
        Ok(())
    }

    /// Every key so far, for those who make sure that none is shown.
    pub(crate) fn secrets(&self) -> Vec<Secret> {
        self.keys().iter().map(|key| Secret::from(key.content.as_str())).collect()
    }

    fn place(&self) -> Place<'_> {
        Place(&self.root)
    }

    fn keys(&self) -> MutexGuard<'_, Vec<Key>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn unknown(keys: &[Key], sent: &str) -> &'static str {
    let decoded = STANDARD.decode(sent).unwrap_or_default();
    let is_encoded = keys.iter().any(|key| decoded.ends_with(key.content.as_bytes()));
    if is_encoded {
        "the key was encoded again: it goes as it stands in the file"
    } else {
        "there is no such key"
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        for key in self.keys().iter() {
            key.remove();
        }
        for path in self.made.iter().rev() {
            // A folder in which someone else has put something stays.
            fs::remove_file(path).or_else(|_| fs::remove_dir(path)).ok();
        }
    }
}

impl Place<'_> {
    /// Where a path of the emulated host lies on this one.
    pub(super) fn on_disk(&self, path: &str) -> PathBuf {
        self.0.join(path.trim_start_matches("C:").trim_start_matches(['/', '\\']))
    }

    /// Whether the paths of the emulated host are this host's own.
    pub(super) fn is_real(&self) -> bool {
        self.0.parent().is_none()
    }
}

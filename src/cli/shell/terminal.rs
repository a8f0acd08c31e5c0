//! How the terminal was before a line was edited on it, to put it back where that is cut off.

#[cfg(unix)]
mod known {
    use std::io::{self, Write};

    use rustix::termios::{OptionalActions, Termios, tcgetattr, tcsetattr};

    /// The terminal as it was.
    pub(in crate::cli::shell) struct Terminal(Option<Termios>);

    impl Terminal {
        /// Looks at it.
        pub(in crate::cli::shell) fn look() -> Self {
            Self(tcgetattr(io::stdin()).ok())
        }

        /// Puts it back: letters are shown again, and a paste is no longer marked as one.
        pub(in crate::cli::shell) fn put_back(&self) {
            let Some(before) = &self.0 else { return };
            let _ = tcsetattr(io::stdin(), OptionalActions::Now, before);
            if let Ok(mut terminal) = std::fs::OpenOptions::new().write(true).open("/dev/tty") {
                let _ = terminal.write_all(b"\x1b[?2004l\r\n");
            }
        }
    }
}

#[cfg(not(unix))]
mod known {
    /// What is cut off on Windows takes its console with it.
    pub(in crate::cli::shell) struct Terminal;

    impl Terminal {
        pub(in crate::cli::shell) fn look() -> Self {
            Self
        }

        pub(in crate::cli::shell) fn put_back(&self) {}
    }
}

pub(super) use known::Terminal;

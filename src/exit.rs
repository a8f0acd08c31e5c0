//! The exit codes: each tells a scheduler what to do next without reading a word.

/// Why the process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Exit {
    /// Everything asked for was done.
    Done = 0,
    /// This machine failed: a file, a pipe. A closed standard output is no failure.
    Machine = 1,
    /// The command line, a variable or a file was wrong; nothing was sent.
    Usage = 2,
    /// No identity: no source on this host, or its endpoint refused the request, or nothing listens there.
    Identity = 3,
    /// Denied: 401 or 403, the wrong tenant, a missing app role or directory role.
    Denied = 4,
    /// Exchange ran the cmdlet and it failed.
    Cmdlet = 5,
    /// Network, TLS, throttling or overload past all retries, the deadline, a write in doubt.
    Unavailable = 6,
    /// Rows were printed, and more exist that could not be fetched.
    Incomplete = 7,
    /// A bug in exo-mi.
    Bug = 70,
    /// Interrupted from the keyboard.
    Interrupted = 130,
    /// Asked to stop.
    Terminated = 143,
}

impl Exit {
    /// The number that the process ends with.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The word that JSON errors carry in `kind`.
    pub fn kind(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Machine => "machine",
            Self::Usage => "usage",
            Self::Identity => "identity",
            Self::Denied => "denied",
            Self::Cmdlet => "cmdlet",
            Self::Unavailable => "unavailable",
            Self::Incomplete => "incomplete",
            Self::Bug => "bug",
            Self::Interrupted => "interrupted",
            Self::Terminated => "terminated",
        }
    }
}

//! The exit codes: each tells a scheduler what to do next without reading a word.

/// Why the process ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Exit {
    /// Everything asked for was done.
    Done,
    /// This machine failed: a file, a pipe. A closed standard output is no failure.
    Machine,
    /// The command line, a variable or a file was wrong; nothing was sent.
    Usage,
    /// No identity: no source on this host, or its endpoint refused the request, or nothing listens there.
    Identity,
    /// Denied: 401 or 403, the wrong tenant, a missing app role or directory role.
    Denied,
    /// Exchange ran the cmdlet and it failed.
    Cmdlet,
    /// Network, TLS, throttling or overload past all retries, the deadline, a write in doubt.
    Unavailable,
    /// Rows were printed, and more exist that could not be fetched.
    Incomplete,
    /// A bug in exo-mi.
    Bug,
    /// Interrupted from the keyboard.
    Interrupted,
    /// Asked to stop.
    Terminated,
    /// What a script ended with by its own `exit`.
    Script(u8),
}

impl Exit {
    /// Those that exo-mi itself gives, in the order of their numbers.
    pub const ALL: [Self; 11] = [
        Self::Done,
        Self::Machine,
        Self::Usage,
        Self::Identity,
        Self::Denied,
        Self::Cmdlet,
        Self::Unavailable,
        Self::Incomplete,
        Self::Bug,
        Self::Interrupted,
        Self::Terminated,
    ];

    /// The number that the process ends with.
    pub fn code(self) -> u8 {
        match self {
            Self::Done => 0,
            Self::Machine => 1,
            Self::Usage => 2,
            Self::Identity => 3,
            Self::Denied => 4,
            Self::Cmdlet => 5,
            Self::Unavailable => 6,
            Self::Incomplete => 7,
            Self::Bug => 70,
            Self::Interrupted => 130,
            Self::Terminated => 143,
            Self::Script(code) => code,
        }
    }

    /// One clause for the manual.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Machine => "this machine failed: a file, the output",
            Self::Usage => "the command line, a variable or a file that it names is wrong",
            Self::Identity => "no token: no identity here, or its endpoint refused",
            Self::Denied => "denied: 401 or 403, the wrong tenant, a missing app role or directory role",
            Self::Cmdlet => "the service answered, and the cmdlet or the grant failed",
            Self::Unavailable => {
                "network, TLS, throttling or overload past all retries, the deadline, a busy lock, a write in doubt"
            }
            Self::Incomplete => "rows were printed, and more exist that could not be fetched",
            Self::Bug => "a bug in exo-mi",
            Self::Interrupted => "stopped by Ctrl+C",
            Self::Terminated => "stopped by SIGTERM, or by the end of its terminal",
            Self::Script(_) => "what a script ended with by its own exit",
        }
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
            Self::Script(_) => "script",
        }
    }
}

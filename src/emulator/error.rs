/// Why the emulator could not start.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No port of 127.0.0.1 could be bound, or the runtime could not be made.
    #[error("the emulator could not listen on 127.0.0.1")]
    Listen(#[source] std::io::Error),
    /// The certificate authority or the leaf certificate could not be made.
    #[error("the emulator could not make its certificates")]
    Certificate(#[source] rcgen::Error),
    /// The certificates were made, but the TLS library did not take them.
    #[error("the emulator could not set up TLS")]
    Tls(#[source] rustls::Error),
    /// A file could not be written: the Arc agent's, a federated token or a certificate.
    #[error("the emulator could not write its files")]
    File(#[source] std::io::Error),
    /// The operating system gave no random numbers.
    #[error("the operating system gave no random numbers")]
    Random,
    /// A file of tenant data is not what the emulator expects; a fault of the build, not of its user.
    #[error("the embedded tenant data `{file}` cannot be read")]
    Fixture {
        /// Which file.
        file: &'static str,
        /// What the parser said.
        #[source]
        source: serde_json::Error,
    },
}

//! Secrets: tokens, identity headers, passwords.
//!
//! The type is [`secrecy`]'s, whose `Debug` is redacted and which has neither `Display` nor `Serialize`; reading it
//! takes a call that can be searched for (`expose_secret`), and its memory is wiped on drop.

pub use secrecy::{ExposeSecret, SecretString as Secret};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_hides_the_secret_and_shows_that_there_is_one() {
        let shown = format!("{:?}", Secret::from("s3cret"));
        assert!(shown.contains("REDACTED") && !shown.contains("s3cret"), "{shown}");
    }
}

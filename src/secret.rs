//! Secrets: tokens, identity headers, passwords.
//!
//! The type is [`secrecy`]'s, whose `Debug` is redacted and which has neither `Display` nor `Serialize`; reading it
//! takes a call that can be searched for (`expose_secret`), and its memory is wiped on drop.

pub use secrecy::{ExposeSecret, SecretString as Secret};

/// What stands in the place of a secret that somebody repeats.
const BLANK: &str = "REDACTED";

/// The shortest text that is looked for: blanking a shorter one would make every message unreadable, and nobody issues
/// secrets so short.
const SHORTEST: usize = 8;

/// A text without a secret that it may repeat.
pub fn blank_text(text: &str, secret: &Secret) -> String {
    match blank(text.as_bytes(), secret.expose_secret().as_bytes()) {
        Some(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
        None => text.to_owned(),
    }
}

/// Bytes without a secret that they repeat, in whatever case, since the name of a host loses it; `None` where they do
/// not repeat it.
pub fn blank(bytes: &[u8], secret: &[u8]) -> Option<Vec<u8>> {
    let find = |bytes: &[u8]| bytes.windows(secret.len()).position(|part| part.eq_ignore_ascii_case(secret));
    if secret.len() < SHORTEST {
        return None;
    }
    let mut at = find(bytes)?;
    let (mut out, mut rest) = (Vec::with_capacity(bytes.len()), bytes);
    loop {
        out.extend_from_slice(&rest[..at]);
        out.extend_from_slice(BLANK.as_bytes());
        rest = &rest[at + secret.len()..];
        match find(rest) {
            Some(next) => at = next,
            None => break,
        }
    }
    out.extend_from_slice(rest);
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_secret_is_blanked_and_a_short_text_is_none() {
        for (text, expected) in [
            ("", ""),
            ("nothing here", "nothing here"),
            ("l0ng-s3cret", "REDACTED"),
            ("a l0ng-s3cret, L0NG-S3CRETl0ng-s3cret ö", "a REDACTED, REDACTEDREDACTED ö"),
            ("l0ng-s3cre", "l0ng-s3cre"),
        ] {
            assert_eq!(blank_text(text, &Secret::from("l0ng-s3cret")), expected);
        }
        for short in ["", "e", "message"] {
            assert_eq!(blank_text("the message", &Secret::from(short)), "the message");
        }
    }

    #[test]
    fn debug_hides_the_secret_and_shows_that_there_is_one() {
        let shown = format!("{:?}", Secret::from("s3cret"));
        assert!(shown.contains("REDACTED") && !shown.contains("s3cret"), "{shown}");
    }
}

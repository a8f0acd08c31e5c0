//! Looks for secrets in whatever a command left behind, in every form in which one could have got there.
//!
//! A secret is looked for in pieces, so that one that was cut short is found as well, and in no case, since the name of
//! a host loses it. The forms are those into which a program turns a text without meaning to: base64 wherever it
//! begins, percent signs, hexadecimal digits, and the numbers of a byte string's `Debug`.

use std::collections::HashMap;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// The length of a piece. Whatever is at least twice as long as this holds a whole one.
const PIECE: usize = 16;

/// A secret below this would be found in texts that do not hold it.
const SHORTEST: usize = 8;

/// Everything that must not be shown.
#[derive(Default)]
pub(crate) struct Secrets {
    /// By the bytes of the piece, in lower case: what it is a piece of.
    pieces: HashMap<[u8; PIECE], Arc<str>>,
    /// Which beginnings the pieces have: most of a text is passed over by a look at this.
    beginnings: Vec<bool>,
    /// Forms that are shorter than a piece.
    short: Vec<(Vec<u8>, Arc<str>)>,
}

impl Secrets {
    /// One more, of this kind. What is too short to be a secret of anybody is passed over.
    pub(crate) fn add(&mut self, kind: &str, secret: impl AsRef<[u8]>) {
        let secret = secret.as_ref();
        if secret.len() < SHORTEST {
            return;
        }
        self.beginnings.resize(1 << 16, false);
        for (form, bytes) in forms(secret) {
            let (bytes, what) = (bytes.to_ascii_lowercase(), Arc::<str>::from(format!("{kind} {form}")));
            if bytes.len() < PIECE {
                self.short.push((bytes, what));
                continue;
            }
            let last = &bytes[bytes.len() - PIECE..];
            for piece in bytes.chunks_exact(PIECE).chain([last]).filter(|piece| tells_something(piece)) {
                self.beginnings[beginning(piece)] = true;
                self.pieces.entry(piece.try_into().expect("a piece")).or_insert_with(|| Arc::clone(&what));
            }
        }
    }

    /// Whether there is anything to look for.
    pub(crate) fn is_empty(&self) -> bool {
        self.pieces.is_empty() && self.short.is_empty()
    }

    /// What of all of them stands in these bytes.
    pub(crate) fn find(&self, bytes: impl AsRef<[u8]>) -> Option<&str> {
        let bytes = bytes.as_ref().to_ascii_lowercase();
        let long = || {
            let mut windows = bytes.windows(PIECE).filter(|piece| self.beginnings[beginning(piece)]);
            windows.find_map(|piece| self.pieces.get(piece))
        };
        let short = || {
            self.short
                .iter()
                .find(|(form, _)| bytes.windows(form.len()).any(|part| part == form))
                .map(|it| &it.1)
        };
        if self.is_empty() { None } else { long().or_else(short).map(|what| &**what) }
    }

    /// Demands that none of them stands here.
    #[track_caller]
    pub(crate) fn assert_not_in(&self, place: &str, bytes: impl AsRef<[u8]>) {
        let bytes = bytes.as_ref();
        if let Some(what) = self.find(bytes) {
            panic!("{what} was shown on {place}:\n{}", String::from_utf8_lossy(bytes));
        }
    }
}

/// The first three bytes of a piece as a number.
fn beginning(piece: &[u8]) -> usize {
    (usize::from(piece[0]) ^ (usize::from(piece[1]) << 5) ^ (usize::from(piece[2]) << 8)) & 0xffff
}

/// Whether a piece could be told from a row of noughts.
fn tells_something(piece: &[u8]) -> bool {
    let mut letters = [0_u64; 4];
    for byte in piece {
        letters[usize::from(byte >> 6)] |= 1 << (byte & 63);
    }
    letters.iter().map(|some| some.count_ones()).sum::<u32>() > 4
}

/// A secret in every form, and how to call it.
fn forms(secret: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let each = |write: fn(&u8) -> String, between: &str| {
        secret.iter().map(write).collect::<Vec<_>>().join(between).into_bytes()
    };
    let mut forms = vec![
        ("as it is", secret.to_vec()),
        ("in hexadecimal digits", each(|byte| format!("{byte:02x}"), "")),
        ("as numbers", each(u8::to_string, ", ")),
        ("in percent signs", each(|byte| format!("%{byte:02x}"), "")),
        ("as a form has it", url::form_urlencoded::byte_serialize(secret).collect::<String>().into_bytes()),
    ];
    // Three bytes make four digits, so that there are three places at which a secret can begin. The first digits hold
    // something of what stands before it, the last of what comes after.
    for before in 0..3 {
        let whole = [&[0; 2][..before], secret].concat();
        let digits = (whole.len() * 8) / 6;
        for (name, text) in
            [("in base64", STANDARD.encode(&whole)), ("in base64url", URL_SAFE.encode(&whole))]
        {
            forms.push((name, text.as_bytes()[[0, 2, 3][before]..digits].to_vec()));
        }
    }
    forms
}

/// A text that nobody can have written down before.
pub(crate) fn minted() -> String {
    uuid::Uuid::new_v4().simple().to_string()
}

mod tests {
    use super::*;

    fn one(secret: &str) -> Secrets {
        let mut secrets = Secrets::default();
        secrets.add("the secret", secret);
        secrets
    }

    #[test]
    fn the_scanner_finds_a_secret_in_every_form_and_place() {
        let secret = format!("{}.{}+/ ", minted(), minted());
        let secrets = one(&secret);
        let decimal = format!("{:?}", secret.as_bytes());
        let percent = secret.bytes().map(|byte| format!("%{byte:02X}")).collect::<Vec<_>>().concat();
        let hexadecimal = secret.bytes().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().concat();
        for text in [
            secret.clone(),
            secret.to_uppercase(),
            format!("Bearer {secret}"),
            secret[..secret.len() / 2].to_owned(),
            secret[secret.len() / 2..].to_owned(),
            format!("…{}…", &secret[3..40]),
            STANDARD.encode(&secret),
            STANDARD.encode(format!("u:{secret}")),
            URL_SAFE.encode(format!("user:{secret}:more")),
            hexadecimal,
            decimal,
            percent,
            url::form_urlencoded::byte_serialize(secret.as_bytes()).collect(),
        ] {
            let text = format!("a line before\n{{\"x\":\"{text}\"}} and after\n");
            assert!(secrets.find(&text).is_some(), "{text}");
        }
    }

    #[test]
    fn the_scanner_finds_a_short_secret_and_nothing_where_nothing_is() {
        let secrets = one("horse 7 b");
        for text in
            ["horse 7 b", "x%68%6f%72%73%65%20%37%20%62", "horse+7+b", "686f727365203720 686f72736520372062"]
        {
            assert!(secrets.find(text).is_some(), "{text}");
        }
        for text in ["", "horse", "horse 7", "00000000-0000-0000-0000-000000000000"] {
            assert_eq!(secrets.find(text), None);
        }
        let noughts = one(&"0".repeat(4000));
        assert_eq!(noughts.find("0".repeat(100)), None, "a row of noughts is no secret");
        assert!(one("short").is_empty());
    }

    #[test]
    #[should_panic(expected = "the secret in base64 was shown on standard error")]
    fn the_scanner_fails_a_test_and_says_what_it_found() {
        let secret = minted();
        one(&secret).assert_not_in("standard error", STANDARD.encode(&secret));
    }
}

//! Targets of `crate::fuzz` in this room: what an identity endpoint sends, and what a certificate file holds.

use std::fs;
use std::time::{Duration, SystemTime};

use serde_json::Value;
use url::Url;
use uuid::Uuid;

use super::answer::{Unreadable, complaint, granted};
use super::arc_key::{ArcFault, Key, challenged_path};
use super::{Certificate, Detection, Error, IdentitySelector, Refusal, TokenSource, expiry as end};
use crate::clock::iso;
use crate::env::Env;
use crate::failure::Failure;
use crate::fuzz::{PLANTED, assert_printable, now};
use crate::secret::{ExposeSecret, Secret};
use crate::token::AccessToken;

/// A reply of an identity endpoint: a token, and an error of every source.
pub fn token_reply(bytes: &[u8]) {
    let object = serde_json::from_slice::<Value>(bytes).ok().filter(Value::is_object);
    let token = object.as_ref().and_then(|object| object["access_token"].as_str());
    let token = token.filter(|token| !token.trim().is_empty());
    match granted(bytes, "https://x/", now()) {
        Ok(granted) => {
            let AccessToken { secret, expires_on, resource } = granted.token;
            assert_eq!((Some(secret.expose_secret()), resource.as_str()), (token, "https://x/"));
            assert!(expires_on > now(), "a token that has ended is none");
            let shown = |secret| format!("{:?}", AccessToken { secret, expires_on, resource: String::new() });
            assert_eq!(shown(secret), shown("another".into()), "nothing of a token is shown");
        }
        Err(Unreadable::NotJson) => assert!(object.is_none()),
        Err(Unreadable::NoToken) => assert!(object.is_some() && token.is_none()),
        Err(Unreadable::NoExpiry | Unreadable::Expired) => assert!(token.is_some()),
    }
    let complaint = complaint(bytes);
    assert!(object.is_some() || complaint.message.chars().count() <= 400, "a page of HTML is not shown");
    for (source, status) in [
        (TokenSource::Imds, 400),
        (TokenSource::AppService, 400),
        (TokenSource::Arc, 401),
        (TokenSource::Imds, 429),
    ] {
        let refusal = Refusal {
            detection: Detection { source, because: "fuzzing" },
            selector: IdentitySelector::SystemAssigned,
            status,
            code: complaint.code.clone(),
            message: complaint.message.clone(),
            correlation_id: complaint.correlation_id.clone(),
            attempts: 1,
            elapsed: Duration::ZERO,
        };
        assert_printable(&Failure::from(Error::Refused { refusal: Box::new(refusal) }));
    }
}

/// The challenge of the Azure Arc agent: of all files of a host, the one key in the agent's own folder may be read.
pub fn arc_challenge(bytes: &[u8]) {
    let Ok(header) = std::str::from_utf8(bytes) else { return };
    let Ok(path) = challenged_path(Some(header)) else { return };
    let nothing_here = Env::fixed::<&str, &str>([]);
    match Key::read(&nothing_here, &path) {
        Ok(_) => panic!("a host without files has no key"),
        // Only what would be opened is worth a host of its own.
        Err(ArcFault::Denied { .. } | ArcFault::Unreadable { .. }) => {}
        Err(_) => return,
    }
    let host = tempfile::tempdir().expect("a folder");
    let put = |path: &str, content: &str| {
        let path = host.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder above")).expect("a folder");
        fs::write(path, content).expect("a file");
    };
    put("var/opt/azcmagent/tokens/good.key", "the key");
    for foreign in ["var/opt/azcmagent/tokens/deep/other.key", "var/opt/azcmagent/other.key", "etc/other.key"]
    {
        put(foreign, PLANTED);
    }
    #[cfg(unix)]
    std::os::unix::fs::symlink("../other.key", host.path().join("var/opt/azcmagent/tokens/link.key"))
        .expect("a link");
    if let Ok(Key(key)) = Key::read(&nothing_here.rooted(host.path()), &path) {
        assert_eq!(key.expose_secret(), "the key", "{}", path.display());
    }
}

/// A certificate file, without a password and with that of the fixtures.
pub fn certificate_file(bytes: &[u8]) {
    for password in [None, Some(Secret::from("horse battery 7"))] {
        let Ok(certificate) = Certificate::read(Uuid::nil(), bytes, password.as_ref()) else { continue };
        let audience = Url::parse("https://login.microsoftonline.com/t/oauth2/v2.0/token").expect("a URL");
        // A key that is damaged in the right place does not sign, which is an error of its own.
        let Some(assertion) = certificate.assertion(&audience, now()) else { continue };
        assert_eq!(assertion.expose_secret().split('.').count(), 3);
    }
}

/// The end of a token, in whatever form.
pub(crate) fn expiry(text: &str) {
    let epoch = SystemTime::UNIX_EPOCH;
    let read = end::moment(text, now());
    let digits = text.trim();
    if (1..12).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        let number = digits.parse().expect("a number of eleven digits");
        // What is no moment of this century is a length.
        let base = if number < 978_307_200 { now() } else { epoch };
        assert_eq!(read, Some(base + Duration::from_secs(number)));
    }
    if let Some((moment, text)) = read.and_then(|moment| Some((moment, iso(moment)?))) {
        let seconds = moment.duration_since(epoch).expect("iso has no earlier ones").as_secs();
        assert_eq!(end::moment(&text, now()), Some(epoch + Duration::from_secs(seconds)), "{text}");
    }
}

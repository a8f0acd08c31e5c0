//! Targets of `crate::fuzz` in this room: what the admin API sends, and what is made of filters and dates.

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use url::Url;

use super::batch::replies;
use super::entity::{Entity, Nested};
use super::envelope::Unreadable;
use super::module_file::exported;
use super::reader::{Keep, Reader};
use super::{Call, CmdletInput, Page, date as moments};
use crate::catalog::Kind;
use crate::exchange::Argument;
use crate::secret::Secret;

/// The ways in which a page is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Decoded {
    /// A cmdlet's.
    Cmdlet,
    /// An object or several, from an address of their own.
    Entity,
    /// The same, with rows within the objects.
    Nested(bool),
}

impl Decoded {
    pub(crate) const ALL: [Self; 4] = [Self::Cmdlet, Self::Entity, Self::Nested(true), Self::Nested(false)];
}

/// A page, if it is one. What of it came when says nothing.
pub(crate) fn page(bytes: &[u8], way: Decoded) -> Option<Page> {
    let is_entity = way != Decoded::Cmdlet;
    let whole = arriving(bytes, bytes.len(), Keep::Text, is_entity);
    let [once, pieces] = [bytes.len(), 7].map(|length| arriving(bytes, length, Keep::Objects, is_entity));
    assert_eq!(once.is_ok(), pieces.is_ok(), "{:?} {:?}", once.err(), pieces.err());
    assert!(whole.is_ok() || once.is_err(), "what is no page as a text is none");
    let (mut whole, once, pieces) = (whole.ok()?, once.ok()?, pieces.ok()?);
    assert_eq!(whole.text().as_bytes(), bytes, "the reply's own text is kept");
    assert!(once.texts().eq(pieces.texts()), "what came when says nothing");
    assert_eq!(
        (whole.len(), &whole.next_link, &whole.warnings),
        (pieces.len(), &pieces.next_link, &pieces.warnings)
    );
    let nested = match way {
        Decoded::Nested(true) => Nested::MAILBOX_PERMISSION,
        Decoded::Nested(false) => Nested::RECIPIENT_PERMISSION,
        Decoded::Cmdlet | Decoded::Entity => return Some(whole),
    };
    nested.unfold(&mut whole).ok().map(|()| whole)
}

/// What comes of bytes that arrive in pieces of that length, and are looked at after each.
pub(super) fn arriving(bytes: &[u8], length: usize, keep: Keep, is_entity: bool) -> Result<Page, Unreadable> {
    let mut reader = Reader::eager(keep);
    bytes.chunks(length.max(1)).for_each(|piece| reader.take(piece));
    reader.finish(is_entity)
}

/// Takes a secret out of what is shown of a page.
pub(crate) fn blank(page: &mut Page, secret: &Secret) {
    page.blank(secret);
}

/// A reply to a batch: each answer is that of its request, and a second one to the same request is none.
pub fn batch_reply(bytes: &[u8]) {
    let Ok(read) = replies(bytes) else { return };
    let said: Option<Value> = serde_json::from_slice(bytes).ok();
    for (at, reply) in &read {
        assert!(
            reply.body.is_empty()
                || serde_json::from_slice::<&serde_json::value::RawValue>(&reply.body).is_ok()
        );
        let _ = arriving(&reply.body, 7, Keep::Objects, false);
        let Some(said) = &said else { continue };
        let answers = said["responses"].as_array().expect("answers");
        let is_its = |answer: &&Value| match &answer["id"] {
            Value::String(id) => id.parse() == Ok(*at),
            id => id.as_u64() == u64::try_from(*at).ok(),
        };
        let stati = answers.iter().filter(is_its).filter_map(|answer| answer["status"].as_u64());
        assert!(stati.into_iter().any(|status| status == u64::from(reply.status.as_u16())));
    }
}

/// The module that the service generates: names, each once, that stand in it.
pub fn module_file(bytes: &[u8]) {
    let Ok(names) = exported(bytes) else { return };
    let said: Option<Value> = serde_json::from_slice(bytes).ok();
    let lists = said.iter().flat_map(|said| said["value"].as_array().expect("files"));
    let lists: Vec<&str> = lists.filter_map(|file| file["exportedCmdlets"].as_str()).collect();
    for pair in names.windows(2) {
        assert!(
            pair[0].to_ascii_lowercase() < pair[1].to_ascii_lowercase(),
            "in order, and each once: {names:?}"
        );
    }
    for name in &names {
        assert!(!name.is_empty() && !name.contains(',') && name.trim() == name);
        assert!(said.is_none() || lists.iter().any(|list| list.contains(name.as_str())));
    }
}

/// A filter: its translation is `OData` to a reader that knows nothing of ours, and comes whole through an address.
pub fn opath_filter(bytes: &[u8]) {
    let Ok(filter) = std::str::from_utf8(bytes) else { return };
    constants(filter);
    let mut input =
        CmdletInput { cmdlet_name: "Get-EXOMailbox".to_owned(), parameters: serde_json::Map::new() };
    input.parameters.insert("Filter".to_owned(), filter.into());
    let Ok(Some(entity)) = Entity::of(&input) else { return };
    let url = entity.url(Url::parse("https://host/adminapi/beta/t/").expect("a URL"));
    let translated =
        url.query_pairs().find(|(name, _)| name == "$filter").map(|(_, value)| value.into_owned());
    let translated = translated.expect("a filter is sent");
    #[cfg(feature = "emulator")]
    if let Err(why) = crate::emulator::admin::entity::filter::parse(&translated) {
        // The emulator stops at fewer brackets.
        assert_eq!(why, "the filter is nested too deeply", "{translated}");
    }
    assert!(!translated.is_empty());
}

/// Constants are rewritten once and for all.
fn constants(filter: &str) {
    let rewritten = |filter: &str| {
        let mut input =
            CmdletInput { cmdlet_name: "Get-Mailbox".to_owned(), parameters: serde_json::Map::new() };
        input.set("Filter", Some(Kind::Filter), Argument::Text(filter.to_owned())).expect("a text");
        input.parameters["Filter"].as_str().expect("a text").to_owned()
    };
    let once = rewritten(filter);
    assert_eq!(rewritten(&once), once);
    assert!(filter.contains('$') || once == filter);
}

/// A date: what is sent is read back as itself, and is the moment that was meant.
pub(crate) fn date(text: &str) {
    let Some(moment) = moments::read(text) else { return };
    let again = moments::read(&moment.utc).expect("what is sent is a date");
    assert!(again.zoned && again.utc == moment.utc, "{again:?} of {moment:?}");
    assert_eq!(moment.utc.len(), "2026-11-24T08:30:00.0000000Z".len(), "{}", moment.utc);
    assert!(moment.utc.as_str() > "0001", "no calendar of the service begins before the year 1");
    if let Ok(meant) = OffsetDateTime::parse(text.trim(), &Rfc3339) {
        let sent = OffsetDateTime::parse(&moment.utc, &Rfc3339).expect("RFC 3339");
        assert_eq!(sent.unix_timestamp(), meant.unix_timestamp());
    }
}

/// Where the first page of a call is read, if it has an address of its own.
pub(crate) fn address(call: &Call, below: &Url) -> Option<Url> {
    call.entity.as_ref().map(|entity| entity.url(below.clone()))
}

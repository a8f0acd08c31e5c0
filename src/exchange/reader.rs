//! A page that is read while it arrives: each row as soon as its last byte is there, and of each row what is wanted.
//!
//! The rows stand in the envelope's `value`. They are taken out of it as they come; what is left of the envelope is small
//! and is read at the end, by the same code as a reply that came in one piece. A reply of another shape is kept whole and
//! left to that code.

use std::borrow::Cow;
use std::fmt;
use std::mem;
use std::ops::Range;
use std::sync::Arc;

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Deserializer;

use super::call::Call;
use super::envelope::{Unreadable, offset, read};
use super::page::Page;
use crate::value::Picker;

/// What is kept of a result.
#[derive(Clone, Default)]
pub enum Keep {
    /// The text of each reply, as it was sent.
    Text,
    /// The objects without annotations.
    #[default]
    Objects,
    /// Of each object the properties with names like these.
    Properties(Arc<dyn Fn(&str) -> bool + Send + Sync>),
}

impl fmt::Debug for Keep {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text => "Text",
            Self::Objects => "Objects",
            Self::Properties(_) => "Properties",
        })
    }
}

/// So much is gathered before it is looked at: many rows, since one that is cut by the end of what came is looked at
/// again, and not more than a core keeps at hand.
const BATCH: usize = 256 * 1024;

/// Where the rows begin is known within so many bytes, or else the reply is of another shape.
const LONGEST_HEAD: usize = 64 * 1024;

/// Reads one page.
pub(super) struct Reader {
    /// Whether another page has promised this one.
    pub(super) later: bool,
    keep: Keep,
    state: State,
    /// What came and is not yet read.
    pending: Vec<u8>,
    /// How much of it must be there before it is looked at, and how much that is at least.
    enough: usize,
    batch: usize,
    /// The envelope without its rows.
    envelope: Vec<u8>,
    rows: Vec<u8>,
    spans: Vec<Range<usize>>,
    picker: Picker,
    /// How many bytes came in all, and how many of them were read.
    pub(super) taken: usize,
    read: usize,
}

enum State {
    Head,
    /// Within the rows, and whether the next one comes after a comma.
    Rows {
        comma: bool,
    },
    /// Behind them, or in a reply of another shape.
    Rest,
    Broken(Unreadable),
}

/// What comes next in a text.
enum Next {
    /// Nothing that could be read before more has come.
    Cut,
    /// What was read ends here, and then it goes on like this.
    Then(usize, State),
}

impl Reader {
    /// Reads a page of this call, the first or a later one.
    pub(super) fn of(call: &Call, later: bool) -> Self {
        // Rows that lie within objects are taken out of them once all is there.
        let nested = call.entity.as_ref().is_some_and(|entity| entity.nested.is_some());
        Self { later, ..Self::new(if nested { Keep::Text } else { call.keep.clone() }) }
    }

    pub(super) fn new(keep: Keep) -> Self {
        let state = if matches!(keep, Keep::Text) { State::Rest } else { State::Head };
        Self {
            later: false,
            keep,
            state,
            pending: Vec::new(),
            enough: 0,
            batch: BATCH,
            envelope: Vec::new(),
            rows: Vec::new(),
            spans: Vec::new(),
            picker: Picker::default(),
            taken: 0,
            read: 0,
        }
    }

    /// One that looks at what came after each piece, so that every end of a piece is tried.
    #[cfg(any(test, fuzzing))]
    pub(super) fn eager(keep: Keep) -> Self {
        Self { batch: 1, ..Self::new(keep) }
    }

    /// The page, once all of it came. `entity` says that a reply may be an object without an envelope.
    pub(super) fn finish(mut self, entity: bool) -> Result<Page, Unreadable> {
        self.advance();
        if let State::Broken(why) = self.state {
            return Err(why);
        }
        self.envelope.append(&mut self.pending);
        let mut page = read(self.envelope, entity)?;
        if !self.spans.is_empty() {
            page.objects = self.spans.len();
            page.rows = self.spans;
            page.made = Some(String::from_utf8(self.rows).map_err(|_| Unreadable::NotText)?);
        }
        page.left_out = self.picker.left_out().collect();
        Ok(page)
    }

    /// Reads what has come, as far as that is possible.
    fn advance(&mut self) {
        let mut pending = mem::take(&mut self.pending);
        let text = match std::str::from_utf8(&pending) {
            Ok(text) => text,
            Err(error) if error.error_len().is_some() => {
                self.state = State::Broken(Unreadable::NotText);
                return;
            }
            // A letter of which some bytes are still to come.
            Err(error) => std::str::from_utf8(&pending[..error.valid_up_to()]).unwrap_or_default(),
        };
        let mut at = 0;
        loop {
            let next = match self.state {
                State::Head => self.head(text),
                State::Rows { comma } => self.row(&text[at..], comma, at),
                State::Rest | State::Broken(_) => break,
            };
            let Next::Then(length, state) = next else { break };
            at += length;
            self.state = state;
        }
        pending.drain(..at);
        self.read += at;
        // Half a row that does not end is looked at when twice as much is there: a row of megabytes is not read anew for
        // each piece of it.
        self.enough = self.batch.max(2 * pending.len());
        self.pending = pending;
    }

    fn head(&mut self, text: &str) -> Next {
        match rows_begin(text) {
            Ok(begin) => {
                self.envelope.extend_from_slice(&text.as_bytes()[..begin]);
                Next::Then(begin, State::Rows { comma: false })
            }
            Err(Cut(true)) if text.len() < LONGEST_HEAD => Next::Cut,
            Err(Cut(_)) => Next::Then(0, State::Rest),
        }
    }

    /// Reads one row, or the end of them.
    fn row(&mut self, text: &str, comma: bool, from: usize) -> Next {
        let mut at = blanks(text);
        match text.as_bytes().get(at) {
            None => return Next::Cut,
            Some(b']') => return Next::Then(at, State::Rest),
            Some(b',') if comma => at += 1 + blanks(&text[at + 1..]),
            Some(_) if comma => return broken(Unreadable::NotJson { at: self.read + from + at }),
            Some(_) => {}
        }
        let row = &text[at..];
        match row.as_bytes() {
            [b'{', ..] => self.object(row, from, at),
            [b'n', b'u', b'l', b'l', ..] => Next::Then(at + 4, State::Rows { comma: true }),
            [] | [b'n'] | [b'n', b'u'] | [b'n', b'u', b'l'] => Next::Cut,
            _ => broken(Unreadable::NotAnObject),
        }
    }

    /// Reads the object at the beginning of the text.
    fn object(&mut self, text: &str, from: usize, at: usize) -> Next {
        let begin = self.rows.len();
        let read = match &self.keep {
            Keep::Properties(keep) => self.picker.pick(text, keep.as_ref(), &mut self.rows),
            Keep::Text | Keep::Objects => self.picker.pick(text, &|_| true, &mut self.rows),
        };
        match read {
            Ok(length) => {
                self.spans.push(begin..self.rows.len());
                Next::Then(at + length, State::Rows { comma: true })
            }
            Err(error) => {
                self.rows.truncate(begin);
                let wrong = offset(text.as_bytes(), &error);
                // A number that ends with its point or its `e` is wrong to the reader, and may only be cut.
                if error.is_eof() || wrong >= text.len() {
                    return Next::Cut;
                }
                broken(Unreadable::NotJson { at: self.read + from + at + wrong })
            }
        }
    }
}

impl Reader {
    /// Takes what has come.
    pub(super) fn take(&mut self, bytes: &[u8]) {
        self.taken += bytes.len();
        match self.state {
            State::Broken(_) => {}
            State::Rest => {
                self.envelope.append(&mut self.pending);
                self.envelope.extend_from_slice(bytes);
            }
            State::Head | State::Rows { .. } => {
                self.pending.extend_from_slice(bytes);
                if self.pending.len() >= self.enough {
                    self.advance();
                }
            }
        }
    }
}

fn broken(why: Unreadable) -> Next {
    Next::Then(0, State::Broken(why))
}

fn blanks(text: &str) -> usize {
    text.len() - text.trim_ascii_start().len()
}

/// Why something could not be read; whether more text may help.
struct Cut(bool);

/// Where the first row begins, behind the bracket of the envelope's `value`.
fn rows_begin(text: &str) -> Result<usize, Cut> {
    let mut head = Head { text, at: text.len() - text.trim_start_matches('\u{feff}').len() };
    head.past(b'{')?;
    loop {
        let name: Cow<'_, str> = head.value()?;
        head.past(b':')?;
        if name == "value" {
            // Anything else than a list is no page of rows.
            head.past(b'[')?;
            return Ok(head.at);
        }
        head.value::<IgnoredAny>()?;
        head.past(b',')?;
    }
}

struct Head<'t> {
    text: &'t str,
    at: usize,
}

impl<'t> Head<'t> {
    fn past(&mut self, wanted: u8) -> Result<(), Cut> {
        self.at += blanks(&self.text[self.at..]);
        match self.text.as_bytes().get(self.at) {
            Some(byte) if *byte == wanted => {
                self.at += 1;
                Ok(())
            }
            other => Err(Cut(other.is_none())),
        }
    }

    fn value<T: Deserialize<'t>>(&mut self) -> Result<T, Cut> {
        let mut values = Deserializer::from_str(&self.text[self.at..]).into_iter::<T>();
        match values.next() {
            Some(Ok(value)) => {
                self.at += values.byte_offset();
                Ok(value)
            }
            Some(Err(error)) => Err(Cut(error.is_eof())),
            None => Err(Cut(true)),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::value::{Row, Value};

    /// What comes of a body that arrives in pieces of such lengths, over and over.
    fn arriving(body: &[u8], lengths: &[usize], keep: &Keep) -> Result<Page, Unreadable> {
        let mut reader = Reader::eager(keep.clone());
        let mut rest = body;
        for length in lengths.iter().cycle() {
            let (piece, behind) = rest.split_at((*length).clamp(1, rest.len()));
            reader.take(piece);
            rest = behind;
            if rest.is_empty() {
                break;
            }
        }
        reader.finish(false)
    }

    fn rows(page: &Page) -> Vec<&str> {
        page.texts().collect()
    }

    fn short() -> Keep {
        Keep::Properties(Arc::new(|name| name.len() == 1))
    }

    const PAGE: &str = "\u{feff}{\"@odata.context\":\"x{[\", \"value\" : [ {\"a\":\"é}]\",\"long\":[{\"a\":-1.5E-7}]} ,null,{\"long\":2,\"b\":3}],\
        \"@odata.nextLink\":\"https://x/n\",\"@adminapi.warnings\":[\"w\"]}";

    #[test]
    fn a_page_is_the_same_however_it_arrives() {
        for length in 1..PAGE.len() {
            let page = arriving(PAGE.as_bytes(), &[length], &Keep::Objects).expect("a page");
            assert_eq!(rows(&page), ["{\"a\":\"é}]\",\"long\":[{\"a\":-1.5E-7}]}", "{\"long\":2,\"b\":3}"]);
            assert_eq!((page.objects, page.next_link.as_deref()), (2, Some("https://x/n")));
            assert_eq!(
                (page.warnings.as_slice(), page.left_out.as_slice()),
                (&["w".to_owned()][..], &[][..])
            );
            let page = arriving(PAGE.as_bytes(), &[length], &short()).expect("a page");
            assert_eq!(
                (rows(&page), page.left_out.as_slice()),
                (vec!["{\"a\":\"é}]\"}", "{\"b\":3}"], &["long".to_owned()][..])
            );
            let page = arriving(PAGE.as_bytes(), &[length], &Keep::Text).expect("a page");
            assert_eq!((page.text(), page.len()), (PAGE, 2));
        }
    }

    #[test]
    fn a_page_that_is_cut_or_wrong_is_none_however_it_arrives() {
        for (body, at) in [
            ("{\"value\":[{\"a\":1},{\"a\":", None),
            ("{\"value\":[{\"a\":1},", None),
            ("{\"value\":[{\"a\":1}] trailing", None),
            ("{\"value\":[{\"a\":1}{\"a\":2}]}", Some(17)),
            ("{\"value\":[{\"a\":1},{\"a\"]}]}", Some(23)),
            ("{\"value\":[{\"a\":1},nil]}", None),
            ("{\"value\":[{\"a\":1},]}", None),
            ("{\"value\":[{\"a\":1}],\"value\":[]}", None),
        ] {
            for length in 1..=body.len() {
                let why = arriving(body.as_bytes(), &[length], &Keep::Objects).expect_err(body);
                if let (Some(expected), Unreadable::NotJson { at }) = (at, &why) {
                    assert_eq!(*at, expected, "{body} in {length}");
                }
            }
        }
        let broken = b"{\"value\":[{\"a\":\"\xff\"}]}";
        assert!(matches!(arriving(broken, &[3], &Keep::Objects), Err(Unreadable::NotText)));
    }

    #[test]
    fn a_row_of_megabytes_is_not_read_anew_for_each_piece() {
        let body = format!("{{\"value\":[{{\"a\":\"{}\"}}]}}", "x".repeat(4 << 20));
        let page = arriving(body.as_bytes(), &[1000], &short()).expect("a page");
        assert_eq!(rows(&page)[0].len(), (4 << 20) + 8);
    }

    proptest! {
        /// The same body in one piece is the oracle.
        #[test]
        fn any_body_gives_the_same_in_pieces(
            mut body in "(\\{\"[a-z@.]{1,5}\":\"x\",)?\\{?(\"value\":)?\\[?(\\{(\"a\":(1|-0.5e+7|\"é\"|null|\\[\\]),?)?\\},? ?){0,4}\\]?(,\"@odata.nextLink\":\"n\")?\\}?",
            lengths in prop::collection::vec(1..9_usize, 1..5),
            at in any::<prop::sample::Index>(),
            odd in any::<char>(),
        ) {
            if odd.is_alphabetic() && !body.is_empty() {
                let at = at.index(body.len());
                if body.is_char_boundary(at) {
                    body.insert(at, odd);
                }
            }
            prop_assume!(!body.is_empty());
            let whole = arriving(body.as_bytes(), &[body.len()], &Keep::Text);
            let pieces = arriving(body.as_bytes(), &lengths, &Keep::Objects);
            prop_assert_eq!(whole.is_ok(), pieces.is_ok(), "{:?}: {:?} {:?}", body, whole.err(), pieces.err());
            if let (Ok(whole), Ok(pieces)) = (whole, pieces) {
                prop_assert_eq!(rows(&whole), rows(&pieces));
                prop_assert_eq!(whole.next_link, pieces.next_link);
            }
        }

        #[test]
        fn what_is_kept_is_what_a_look_at_the_whole_row_finds(
            values in prop::collection::vec(("[ab]|cd|a@odata.type", "[a-z\\\\\"é]{0,3}"), 0..6),
            lengths in prop::collection::vec(1..9_usize, 1..5),
        ) {
            let members: Vec<String> = values.iter().map(|(name, value)| {
                format!("{}:{}", serde_json::json!(name), serde_json::json!(value))
            }).collect();
            let row = format!("{{{}}}", members.join(","));
            let body = format!("{{\"value\":[{row},{row}]}}");
            let page = arriving(body.as_bytes(), &lengths, &short()).expect("a page");
            for kept in page.rows() {
                let names = ["a", "b"];
                let wanted: Vec<Option<Value<'_>>> = Row::Json(&row).project(&names);
                prop_assert_eq!(kept.project(&names), wanted);
                prop_assert!(kept.names().iter().all(|name| name.len() == 1));
            }
        }
    }
}

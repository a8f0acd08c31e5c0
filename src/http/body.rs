//! Reading a reply's body: bounded, and decompressed by its status first.
//!
//! The HTTP library's own decompression is switched off: Exchange sends 403 replies that claim gzip and are not, and a
//! library that trusts the header reports a broken stream and hides the 403.

use std::io::Write;
use std::mem;

use flate2::write::GzDecoder;

/// Takes the body of a success while it arrives. Nothing that is written to it is refused.
pub trait Intake: Write + Send {
    /// How many bytes it was given.
    fn taken(&self) -> usize;
}

impl Intake for Vec<u8> {
    fn taken(&self) -> usize {
        self.len()
    }
}

/// Takes a body piece by piece.
pub(super) struct Collector<I: Intake> {
    sink: Sink<I>,
    limit: usize,
}

enum Sink<I: Intake> {
    /// Nothing has come.
    Empty(I, Packing),
    Plain(I),
    Gzip(Box<GzDecoder<I>>),
    /// It broke.
    Gone,
}

/// Whether a body is decompressed while it arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Packing {
    /// It claims to be compressed.
    Gzip,
    /// Where it begins like a compressed one.
    Looked,
    /// It is kept as it comes, and tried at the end.
    Kept,
}

/// How every gzip stream begins.
const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// Why a body could not be taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    TooLarge,
    NotGzip,
}

impl<I: Intake> Collector<I> {
    /// The body of a success, decompressed as it arrives.
    pub(super) fn of_success(intake: I, encoding: Option<&str>, limit: usize) -> Self {
        let gzip = encoding.is_some_and(|name| name.trim().eq_ignore_ascii_case("gzip"));
        let packing = if gzip { Packing::Gzip } else { Packing::Looked };
        Self { sink: Sink::Empty(intake, packing), limit }
    }

    /// Adds a piece. Growth is checked after each, so a small piece that unpacks into gigabytes ends here as well.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<(), Refused> {
        if piece.is_empty() {
            return Ok(());
        }
        self.begin(piece);
        let taken = match &mut self.sink {
            Sink::Plain(intake) => {
                intake.write_all(piece).map_err(|_| Refused::TooLarge)?;
                intake.taken()
            }
            Sink::Gzip(decoder) => {
                decoder.write_all(piece).map_err(|_| Refused::NotGzip)?;
                decoder.get_ref().taken()
            }
            Sink::Empty(..) | Sink::Gone => return Ok(()),
        };
        if taken > self.limit { Err(Refused::TooLarge) } else { Ok(()) }
    }

    /// Decides by the first piece.
    fn begin(&mut self, piece: &[u8]) {
        let gzip = match &self.sink {
            Sink::Empty(_, Packing::Gzip) => true,
            Sink::Empty(_, Packing::Looked) => piece.starts_with(&MAGIC),
            Sink::Empty(_, Packing::Kept) => false,
            _ => return,
        };
        if let Sink::Empty(intake, _) = mem::replace(&mut self.sink, Sink::Gone) {
            self.sink = if gzip { Sink::Gzip(Box::new(GzDecoder::new(intake))) } else { Sink::Plain(intake) };
        }
    }

    /// Whether nothing came so far.
    pub(super) fn is_empty(&self) -> bool {
        matches!(self.sink, Sink::Empty(..))
    }

    /// All of it. What the decoder has held back until now counts as well. Nothing at all is nothing in every encoding.
    pub(super) fn finish(self) -> Result<I, Refused> {
        let intake = match self.sink {
            Sink::Empty(intake, _) | Sink::Plain(intake) => intake,
            Sink::Gzip(decoder) => decoder.finish().map_err(|_| Refused::NotGzip)?,
            Sink::Gone => return Err(Refused::NotGzip),
        };
        if intake.taken() > self.limit { Err(Refused::TooLarge) } else { Ok(intake) }
    }
}

impl Collector<Vec<u8>> {
    /// The body of a failure, kept as it comes: Exchange sends some that claim gzip and are not.
    pub(super) fn of_failure(limit: usize) -> Self {
        Self { sink: Sink::Empty(Vec::new(), Packing::Kept), limit }
    }

    /// All of a failure's body, as it can be read.
    pub(super) fn finish_failure(self) -> Result<Vec<u8>, Refused> {
        let limit = self.limit;
        self.finish().map(|body| unpacked(body, limit))
    }
}

/// A body that really is gzip, whatever the headers said, unpacked; as it is where it is not, or grows too large.
fn unpacked(body: Vec<u8>, limit: usize) -> Vec<u8> {
    if !body.starts_with(&MAGIC) {
        return body;
    }
    let mut collector = Collector::of_success(Vec::new(), None, limit);
    let pushed = body.chunks(16 * 1024).try_for_each(|piece| collector.push(piece));
    pushed.and_then(|()| collector.finish()).unwrap_or(body)
}

#[cfg(test)]
mod tests {
    use super::super::StatusCode;
    use super::super::fuzz::{collected, packed};
    use super::*;

    fn collect(status: u16, encoding: Option<&str>, body: &[u8], limit: usize) -> Result<Vec<u8>, Refused> {
        collected(StatusCode::from_u16(status).expect("a status"), encoding, body.chunks(7), limit)
    }

    #[test]
    fn bodies_are_read_by_status_and_encoding() {
        let packed = packed(b"hello");
        let nul = vec![0; 40];
        for (status, encoding, body, expected) in [
            (200, None, b"hello".as_slice(), Ok(b"hello".to_vec())),
            (200, Some("gzip"), &packed, Ok(b"hello".to_vec())),
            (200, Some("GZIP"), &packed, Ok(b"hello".to_vec())),
            (200, None, &packed, Ok(b"hello".to_vec())),
            (200, Some("gzip"), b"", Ok(Vec::new())),
            (200, Some("gzip"), b"not gzip at all", Err(Refused::NotGzip)),
            (200, Some("gzip"), &packed[..packed.len() - 4], Err(Refused::NotGzip)),
            (403, Some("gzip"), &nul, Ok(nul.clone())),
            (403, Some("gzip"), &packed, Ok(b"hello".to_vec())),
            (400, None, &packed, Ok(b"hello".to_vec())),
            (400, Some("gzip"), &packed[..9], Ok(packed[..9].to_vec())),
        ] {
            assert_eq!(collect(status, encoding, body, 100), expected, "{status} {encoding:?}");
        }
    }

    #[test]
    fn a_body_that_grows_too_large_is_refused_however_small_it_came() {
        let bomb = packed(&vec![0; 1 << 20]);
        assert!(bomb.len() < 4096);
        assert_eq!(collect(200, Some("gzip"), &bomb, 1 << 16), Err(Refused::TooLarge));
        assert_eq!(collect(200, None, &[1; 101], 100), Err(Refused::TooLarge));
        assert_eq!(collect(403, Some("gzip"), &bomb, 1 << 16), Ok(bomb.clone()));
    }
}

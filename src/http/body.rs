//! Reading a reply's body: bounded, and decompressed by its status first.
//!
//! The HTTP library's own decompression is switched off: Exchange sends 403 replies that claim gzip and are not, and a
//! library that trusts the header reports a broken stream and hides the 403.

use std::io::Write;

use flate2::write::GzDecoder;
use reqwest::StatusCode;

/// Takes a body piece by piece.
pub(super) struct Collector {
    sink: Sink,
    limit: usize,
    empty: bool,
}

enum Sink {
    Plain(Vec<u8>),
    Gzip(Box<GzDecoder<Vec<u8>>>),
}

/// Why a body could not be taken.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refused {
    TooLarge,
    NotGzip,
}

impl Collector {
    /// A successful reply is decompressed while it arrives; a failed one is kept as it came and tried at the end.
    pub(super) fn new(status: StatusCode, encoding: Option<&str>, limit: usize) -> Self {
        let gzip =
            status.is_success() && encoding.is_some_and(|name| name.trim().eq_ignore_ascii_case("gzip"));
        let sink =
            if gzip { Sink::Gzip(Box::new(GzDecoder::new(Vec::new()))) } else { Sink::Plain(Vec::new()) };
        Self { sink, limit, empty: true }
    }

    /// Adds a piece. Growth is checked after each, so a small piece that unpacks into gigabytes ends here as well.
    pub(super) fn push(&mut self, piece: &[u8]) -> Result<(), Refused> {
        self.empty &= piece.is_empty();
        let length = match &mut self.sink {
            Sink::Plain(body) => {
                body.extend_from_slice(piece);
                body.len()
            }
            Sink::Gzip(decoder) => {
                decoder.write_all(piece).map_err(|_| Refused::NotGzip)?;
                decoder.get_ref().len()
            }
        };
        if length > self.limit { Err(Refused::TooLarge) } else { Ok(()) }
    }

    /// Whether nothing came so far.
    pub(super) fn is_empty(&self) -> bool {
        self.empty
    }

    /// The whole body. What the decoder has held back until now counts as well.
    pub(super) fn finish(self) -> Result<Vec<u8>, Refused> {
        let body = match self.sink {
            // Nothing at all is nothing in every encoding.
            Sink::Gzip(_) if self.empty => Vec::new(),
            Sink::Gzip(decoder) => decoder.finish().map_err(|_| Refused::NotGzip)?,
            Sink::Plain(body) => unpacked(&body, self.limit).unwrap_or(body),
        };
        if body.len() > self.limit { Err(Refused::TooLarge) } else { Ok(body) }
    }
}

/// A body that really is gzip, whatever the headers said, unpacked; `None` where it is not or grows too large.
fn unpacked(body: &[u8], limit: usize) -> Option<Vec<u8>> {
    if !body.starts_with(&[0x1f, 0x8b]) {
        return None;
    }
    let mut collector =
        Collector { sink: Sink::Gzip(Box::new(GzDecoder::new(Vec::new()))), limit, empty: true };
    for piece in body.chunks(16 * 1024) {
        collector.push(piece).ok()?;
    }
    collector.finish().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gzip(text: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        encoder.write_all(text).expect("gzip");
        encoder.finish().expect("gzip")
    }

    fn collect(status: u16, encoding: Option<&str>, body: &[u8], limit: usize) -> Result<Vec<u8>, Refused> {
        let mut collector = Collector::new(StatusCode::from_u16(status).expect("a status"), encoding, limit);
        for piece in body.chunks(7) {
            collector.push(piece)?;
        }
        collector.finish()
    }

    #[test]
    fn bodies_are_read_by_status_and_encoding() {
        let packed = gzip(b"hello");
        let nul = vec![0; 40];
        for (status, encoding, body, expected) in [
            (200, None, b"hello".as_slice(), Ok(b"hello".to_vec())),
            (200, Some("gzip"), &packed, Ok(b"hello".to_vec())),
            (200, Some("GZIP"), &packed, Ok(b"hello".to_vec())),
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
        let bomb = gzip(&vec![0; 1 << 20]);
        assert!(bomb.len() < 4096);
        assert_eq!(collect(200, Some("gzip"), &bomb, 1 << 16), Err(Refused::TooLarge));
        assert_eq!(collect(200, None, &[1; 101], 100), Err(Refused::TooLarge));
        assert_eq!(collect(403, Some("gzip"), &bomb, 1 << 16), Ok(bomb.clone()));
    }
}

//! Standard input, a line at a time.

use std::io::{self, Read};
use tokio::sync::mpsc;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::http::{End, Limits};
use crate::knowledge::Code;
use crate::world::World;

/// Longer than any identity and any command.
pub(super) const LONGEST: usize = 1 << 20;

/// A line that is not blank.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Counted from 1, blank ones among them.
    pub number: usize,
    /// Without the blanks at both ends.
    pub text: String,
    /// How many bytes have been read with it.
    pub end: u64,
}

impl Line {
    /// Where it stands, as the cause of a failure.
    pub(super) fn place(&self) -> String {
        place(self.number)
    }
}

fn place(number: usize) -> String {
    format!("in line {number} of standard input")
}

/// Lines as they come, read on a thread of their own: what writes them may be slow, and a signal or the deadline must not
/// wait for it.
pub(super) struct Lines {
    number: usize,
    end: u64,
    read: mpsc::Receiver<io::Result<Vec<u8>>>,
    limits: Limits,
}

/// How many lines are read ahead.
const AHEAD: usize = 16;

impl Lines {
    /// Begins to read standard input, which belongs to the lines from now on.
    pub(super) fn begin(world: &mut World, limits: &Limits) -> Result<Self, Failure> {
        let mut input = std::mem::replace(&mut world.stdin, Box::new(io::empty()));
        let (send, receive) = mpsc::channel(AHEAD);
        let reading = std::thread::Builder::new().name("stdin".to_owned()).spawn(move || {
            // The other side goes away where the command ends before the input.
            while let Some(line) = read(&mut input).transpose() {
                let last = line.is_err();
                if send.blocking_send(line).is_err() || last {
                    break;
                }
            }
        });
        reading.map_err(|error| {
            Failure::new(Exit::Machine, Code::MachineFailed, "no thread could be started").caused_by(&error)
        })?;
        Ok(Self { number: 0, end: 0, read: receive, limits: limits.clone() })
    }

    /// The next line that is not blank; `None` at the end. A line that cannot be used is an error, and the ones after it
    /// can be asked for, unless nothing can be read at all.
    pub(super) async fn next(&mut self) -> Option<Result<Line, Failure>> {
        loop {
            match self.read().await.transpose()? {
                Ok(text) if text.is_empty() => {}
                Ok(text) => return Some(Ok(Line { number: self.number, text, end: self.end })),
                Err(failure) => return Some(Err(failure)),
            }
        }
    }

    /// The text of the next line, blank or not; `None` at the end.
    pub(super) async fn read(&mut self) -> Result<Option<String>, Failure> {
        Ok(self.read_whole().await?.map(|text| text.trim().to_owned()))
    }

    /// The same, with the blanks at both ends.
    pub(super) async fn read_whole(&mut self) -> Result<Option<String>, Failure> {
        let read = self.limits.within(self.read.recv()).await.map_err(ended)?;
        self.number += 1;
        let Some(bytes) = read.transpose().map_err(|error| unreadable(&error))? else { return Ok(None) };
        self.end += bytes.len() as u64 + 1;
        text(bytes, self.number).map(Some)
    }
}

/// The text of a line.
fn text(bytes: Vec<u8>, number: usize) -> Result<String, Failure> {
    if bytes.len() > LONGEST {
        return Err(Failure::usage("the line is longer than a mebibyte").because(place(number)));
    }
    let text = String::from_utf8(bytes)
        .map_err(|_| Failure::usage("the line is no UTF-8 text").because(place(number)))?;
    // Windows begins files with a mark.
    let text = text.trim_start_matches('\u{feff}');
    Ok(text.strip_suffix('\r').unwrap_or(text).to_owned())
}

/// One line without its end, read byte by byte; what is beyond the longest one is read and dropped.
fn read(input: &mut dyn Read) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let mut byte = [0];
    let mut any = false;
    loop {
        match input.read(&mut byte) {
            Ok(0) => return Ok(any.then_some(line)),
            Ok(_) if byte[0] == b'\n' => return Ok(Some(line)),
            Ok(_) => {
                any = true;
                if line.len() <= LONGEST {
                    line.push(byte[0]);
                }
            }
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn ended(end: End) -> Failure {
    match end {
        End::Stopped(signal) => Failure::stopped(signal),
        End::Deadline => Failure::new(
            Exit::Unavailable,
            Code::DeadlinePassed,
            "the deadline passed while standard input was read",
        )
        .hint("give it more time with --timeout"),
    }
}

fn unreadable(error: &io::Error) -> Failure {
    Failure::new(Exit::Machine, Code::FileUnusable, "standard input cannot be read").caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text_of(bytes: &[u8]) -> Result<String, String> {
        text(bytes.to_vec(), 1).map_err(|failure| failure.message)
    }

    #[test]
    fn a_line_has_no_end_and_no_mark() {
        for (bytes, expected) in
            [("\u{feff}meg\r", "meg"), ("  adele vance ", "  adele vance "), (" \t", " \t"), ("", "")]
        {
            assert_eq!(text_of(bytes.as_bytes()).as_deref(), Ok(expected));
        }
        assert!(text_of(b"\xff").is_err());
        assert!(text_of(&vec![b'x'; LONGEST + 1]).is_err());
    }

    #[test]
    fn a_line_beyond_the_longest_is_read_to_its_end() {
        let long = [vec![b'x'; LONGEST + 10], b"\nmeg".to_vec()].concat();
        let mut input = long.as_slice();
        assert_eq!(read(&mut input).ok().flatten().map(|line| line.len()), Some(LONGEST + 1));
        assert_eq!(read(&mut input).ok().flatten().as_deref(), Some(b"meg".as_slice()));
    }

    #[test]
    fn a_line_is_read_and_no_more() {
        let mut input: &[u8] = b"yes\nrest";
        assert_eq!(read(&mut input).ok().flatten().as_deref(), Some(b"yes".as_slice()));
        assert_eq!(input, b"rest");
        assert_eq!(read(&mut &b""[..]).ok(), Some(None));
    }
}

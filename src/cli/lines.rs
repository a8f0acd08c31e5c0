//! Standard input, a line at a time.

use std::io::Read;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::knowledge::Code;

/// Longer than any identity and any command.
const LONGEST: usize = 1 << 20;

/// A line that is not blank.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// Counted from 1, blank ones among them.
    pub number: usize,
    /// Without the blanks at both ends.
    pub text: String,
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

/// Lines as they come. They are read when they are asked for: what writes them may be slow, and what follows the last
/// one belongs to whoever reads next.
#[derive(Debug, Default)]
pub(super) struct Lines {
    number: usize,
    /// Nothing can be read any more.
    broken: bool,
}

impl Lines {
    /// The next line that is not blank; `None` at the end. A line that cannot be used is an error, and the ones after it
    /// can be asked for, unless nothing can be read at all.
    pub(super) fn next(&mut self, input: &mut dyn Read) -> Option<Result<Line, Failure>> {
        while !self.broken {
            let read = match read(input) {
                Ok(read) => read?,
                Err(error) => {
                    self.broken = true;
                    return Some(Err(unreadable(&error)));
                }
            };
            self.number += 1;
            let number = self.number;
            if read.len() > LONGEST {
                return Some(
                    Err(Failure::usage("the line is longer than a mebibyte").because(place(number))),
                );
            }
            let Ok(text) = String::from_utf8(read) else {
                return Some(Err(Failure::usage("the line is no UTF-8 text").because(place(number))));
            };
            // Windows begins files with a mark.
            let text = text.trim_start_matches('\u{feff}').trim();
            if !text.is_empty() {
                return Some(Ok(Line { number, text: text.to_owned() }));
            }
        }
        None
    }
}

/// One line without its end, read byte by byte; what is beyond the longest one is read and dropped.
pub(super) fn read(input: &mut dyn Read) -> std::io::Result<Option<Vec<u8>>> {
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
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

fn unreadable(error: &std::io::Error) -> Failure {
    Failure::new(Exit::Machine, Code::FileUnusable, "standard input cannot be read").caused_by(error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(mut input: &[u8]) -> Vec<Result<(usize, String), String>> {
        let mut lines = Lines::default();
        std::iter::from_fn(|| lines.next(&mut input))
            .map(|line| line.map(|line| (line.number, line.text)).map_err(|failure| failure.message))
            .collect()
    }

    #[test]
    fn blank_lines_are_counted_and_passed_over() {
        let expected = [Ok((1, "meg".to_owned())), Ok((4, "adele vance".to_owned()))];
        assert_eq!(all("\u{feff}meg\r\n\n \t\n  adele vance ".as_bytes()), expected);
        assert_eq!(all(b"\n\n"), []);
    }

    #[test]
    fn a_line_that_cannot_be_used_does_not_hide_the_next() {
        let long = [vec![b'x'; LONGEST + 10], b"\nmeg".to_vec()].concat();
        assert_eq!(all(&long)[1], Ok((2, "meg".to_owned())));
        assert!(all(&long)[0].is_err());
        assert_eq!(all(b"\xff\nmeg")[1], Ok((2, "meg".to_owned())));
    }

    #[test]
    fn a_line_is_read_and_no_more() {
        let mut input: &[u8] = b"yes\nrest";
        assert_eq!(read(&mut input).ok().flatten().as_deref(), Some(b"yes".as_slice()));
        assert_eq!(input, b"rest");
        assert_eq!(read(&mut &b""[..]).ok(), Some(None));
    }
}

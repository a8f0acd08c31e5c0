//! The way of a drawn table to the output.

use std::fmt;
use std::io::{self, Write};

use super::{BLOCK, HEADING, RESET};

/// Stands where a line ends, before the blanks that tabled fills its last columns with. No text holds either mark, since
/// control characters are taken out of every one.
pub(super) const END: char = '\0';

/// The same, and the blank before it goes as well.
pub(super) const END_BEFORE: char = '\u{1}';

/// Takes the table as text and writes it line by line: up to the mark of its end, and where there is none without blanks
/// at the end; the heading in colour. It keeps the error of the output, which the interface of a formatter has no place
/// for.
pub(super) struct Lines<'w> {
    out: &'w mut dyn Write,
    block: String,
    /// Where the line begins that is being written.
    start: usize,
    /// How many lines are still to be coloured.
    coloured: usize,
    error: Option<io::Error>,
}

impl<'w> Lines<'w> {
    /// The first `coloured` lines are the heading.
    pub(super) fn new(coloured: usize, out: &'w mut dyn Write) -> Self {
        Self { out, block: String::new(), start: 0, coloured, error: None }
    }

    fn end_line(&mut self) -> fmt::Result {
        let line = self.block[self.start..].trim_end_matches(' ');
        let length = match line.chars().next_back() {
            Some(END) => line.len() - 1,
            Some(END_BEFORE) => line.len() - 2,
            _ => line.len(),
        };
        self.block.truncate(self.start + length);
        if self.coloured > 0 {
            self.coloured -= 1;
            self.block.insert_str(self.start, HEADING);
            self.block.push_str(RESET);
        }
        self.block.push('\n');
        self.start = self.block.len();
        if self.start < BLOCK { Ok(()) } else { self.write_block() }
    }

    fn write_block(&mut self) -> fmt::Result {
        let written = self.out.write_all(self.block.as_bytes());
        self.block.clear();
        self.start = 0;
        written.map_err(|error| {
            self.error = Some(error);
            fmt::Error
        })
    }

    /// Ends the last line, which the drawing leaves open.
    pub(super) fn close(mut self, drawn: fmt::Result) -> io::Result<()> {
        let ended = drawn.and_then(|()| self.end_line()).and_then(|()| self.write_block());
        match (self.error, ended) {
            (Some(error), _) => Err(error),
            (None, ended) => ended.map_err(io::Error::other),
        }
    }
}

impl fmt::Write for Lines<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for part in text.split_inclusive('\n') {
            match part.strip_suffix('\n') {
                Some(line) => {
                    self.block.push_str(line);
                    self.end_line()?;
                }
                None => self.block.push_str(part),
            }
        }
        Ok(())
    }
}

//! Drawing a table whose widths are decided: tabled sets the cells, this file gives them the shape PowerShell has.

use std::borrow::Cow;
use std::io::{self, Write};

use tabled::grid::config::{Borders, CompactConfig, Indent, Sides};
use tabled::grid::dimension::Dimension;
use tabled::tables::CompactTable;

use super::lines::{END, END_BEFORE, Lines};
use super::measure::{cells, cut, wrap};
use super::safe;

/// A column as it is drawn.
pub(super) struct Track {
    pub(super) label: String,
    pub(super) width: usize,
    pub(super) right: bool,
}

impl Track {
    /// The text in the width of the column.
    fn fit<'c>(&self, text: &'c str) -> Cow<'c, str> {
        if cells(text) > self.width {
            self.place(Cow::Owned(cut(text, self.width, self.right)))
        } else {
            self.place(Cow::Borrowed(text))
        }
    }

    /// The text on its side. Right-aligned ones are filled up here, because tabled's compact table has one alignment for
    /// all columns.
    fn place<'c>(&self, text: Cow<'c, str>) -> Cow<'c, str> {
        let room = if self.right { self.room(&text) } else { 0 };
        if room > 0 { Cow::Owned(" ".repeat(room) + &text) } else { text }
    }

    /// How many cells the text leaves free.
    fn room(&self, text: &str) -> usize {
        self.width.saturating_sub(cells(text))
    }

    /// The lines of a text that is not cut.
    fn wrap<'c>(&self, text: &'c str) -> Vec<Cow<'c, str>> {
        text.split('\n').flat_map(|line| wrap(line, self.width)).collect()
    }

    fn underline(&self) -> String {
        "-".repeat(cells(&self.label).min(self.width))
    }
}

/// What becomes of blanks at the ends of lines.
#[derive(Clone, Copy)]
pub(super) enum Ends {
    /// There are none.
    Bare,
    /// They stay where PowerShell leaves them: it fills every column but the last. Where that one had no room, it fills
    /// the last that is shown too.
    Kept {
        /// Whether columns had no room.
        filled: bool,
    },
}

/// A table whose widths are decided.
pub(super) struct Drawing {
    pub(super) tracks: Vec<Track>,
    /// Whether cells go on in the next line where they do not fit, in place of being cut.
    pub(super) wrap: bool,
    pub(super) ends: Ends,
    /// Whether the heading is coloured.
    pub(super) colour: bool,
}

/// One line, cell by cell.
type Record<'c> = Vec<Cow<'c, str>>;

impl Drawing {
    /// Writes the rows, below the heading where it is wanted. Columns are as wide without a heading as with one, as in
    /// PowerShell.
    pub(super) fn draw<'d>(
        &'d self,
        headed: bool,
        rows: impl Iterator<Item = Vec<&'d str>>,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        let mut rows = rows.peekable();
        if self.tracks.is_empty() || !headed && rows.peek().is_none() {
            return Ok(());
        }
        let heading = if headed { self.heading() } else { Vec::new() };
        let mut lines = Lines::new(if self.colour { heading.len() } else { 0 }, out);
        let records = heading.into_iter().chain(rows.flat_map(|row| self.row(&row)));
        let widths = Widths(self.tracks.iter().map(|track| track.width).collect());
        let drawn = CompactTable::with_dimension(records, widths)
            .columns(self.tracks.len())
            .with(blank_between())
            .fmt(&mut lines);
        lines.close(drawn)
    }

    /// A label is never cut: it goes on in the next line of the heading.
    fn heading(&self) -> Vec<Record<'_>> {
        let labels: Vec<_> = self.tracks.iter().map(|track| track.wrap(&track.label)).collect();
        let mut heading = self.lines(&labels);
        heading.push(self.line(self.tracks.iter().map(|track| track.place(track.underline().into()))));
        heading
    }

    fn row<'c>(&self, texts: &[&'c str]) -> Vec<Record<'c>> {
        let texts = self.tracks.iter().zip(texts);
        let mut records = if self.wrap {
            self.lines(&texts.map(|(track, text)| track.wrap(text)).collect::<Vec<_>>())
        } else {
            vec![self.line(texts.map(|(track, text)| track.fit(text)))]
        };
        records.iter_mut().filter_map(|record| record.first_mut()).for_each(safe::keep_in_output);
        records
    }

    /// The line of cells that have one each.
    fn line<'c>(&self, cells: impl Iterator<Item = Cow<'c, str>>) -> Record<'c> {
        let mut record: Record<'c> = cells.collect();
        if let (Ends::Kept { filled }, Some(track), Some(last)) =
            (self.ends, self.tracks.last(), record.last_mut())
        {
            let room = if filled { track.room(last) } else { 0 };
            let last = last.to_mut();
            last.extend(std::iter::repeat_n(' ', room));
            last.push(END);
        }
        record
    }

    /// The lines of cells that may have several each.
    fn lines<'c>(&self, cells: &[Vec<Cow<'c, str>>]) -> Vec<Record<'c>> {
        let height = cells.iter().map(Vec::len).max().unwrap_or(0);
        let line = |at: usize| {
            let texts = cells.iter().map(|lines| lines.get(at).cloned());
            let place =
                |(track, text): (&Track, Option<_>)| text.map(|text| track.place(text)).unwrap_or_default();
            let mut record: Record<'c> = self.tracks.iter().zip(texts).map(place).collect();
            let last = cells.iter().rposition(|lines| lines.len() > at);
            if let (Ends::Kept { .. }, Some(last)) = (self.ends, last) {
                end(&mut record, last, height > 1);
            }
            record
        };
        (0..height).map(line).collect()
    }
}

/// Ends the line after this cell, which loses its last blanks where the row has several lines; if nothing else is in it,
/// the blank before it goes too. PowerShell takes care of no other blank.
fn end(record: &mut Record<'_>, last: usize, trimmed: bool) {
    let cell = record[last].to_mut();
    if trimmed {
        cell.truncate(cell.trim_end().len());
    }
    cell.push(if trimmed && cell.is_empty() && last > 0 { END_BEFORE } else { END });
}

/// No frame, no padding, one blank between columns.
fn blank_between() -> CompactConfig {
    let mut borders = Borders::empty();
    borders.vertical = Some(' ');
    CompactConfig::new().set_borders(borders).set_padding(Sides::filled(Indent::zero()))
}

struct Widths(Vec<usize>);

impl Dimension for Widths {
    fn get_width(&self, column: usize) -> usize {
        self.0[column]
    }

    fn get_height(&self, _row: usize) -> usize {
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn drawn(tracks: Vec<Track>, rows: &[Vec<&str>], colour: bool) -> String {
        text(&Drawing { tracks, wrap: false, ends: Ends::Bare, colour }, rows)
    }

    fn text(drawing: &Drawing, rows: &[Vec<&str>]) -> String {
        let mut out = Vec::new();
        drawing.draw(true, rows.iter().cloned(), &mut out).expect("a vector takes everything");
        String::from_utf8(out).expect("UTF-8")
    }

    fn track(label: &str, width: usize, right: bool) -> Track {
        Track { label: label.to_owned(), width, right }
    }

    #[test]
    fn right_aligned_columns_have_label_and_underline_at_the_right() {
        let tracks = vec![track("Name", 5, false), track("Count", 8, true)];
        let table = drawn(tracks, &[vec!["a", "12"], vec!["b", "123456789"]], false);
        assert_eq!(table, "Name     Count\n----     -----\na           12\nb     …3456789\n");
    }

    #[test]
    fn a_long_label_goes_on_below_and_is_underlined_to_its_column() {
        let tracks =
            vec![track("DomainType", 8, false), track("Message Count", 8, true), track("Default", 7, false)];
        let table = drawn(tracks, &[vec!["Authoritative", "7", "True"]], false);
        let expected = "DomainTy Message  Default\npe          Count\n-------- -------- -------\nAuthori…        7 True\n";
        assert_eq!(table, expected);
    }

    #[test]
    fn only_the_heading_has_colour() {
        let table = drawn(vec![track("A", 2, false)], &[vec!["x"]], true);
        assert_eq!(table, "\u{1b}[32;1mA\u{1b}[0m\n\u{1b}[32;1m-\u{1b}[0m\nx\n");
    }

    #[test]
    fn wide_characters_keep_the_columns_straight() {
        let tracks = vec![track("Name", 6, false), track("Z", 1, false)];
        let table = drawn(tracks, &[vec!["日本語", "1"], vec!["👍", "2"], vec!["e\u{301}", "3"]], false);
        assert_eq!(table, "Name   Z\n----   -\n日本語 1\n👍     2\ne\u{301}      3\n");
    }
}

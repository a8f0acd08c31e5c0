//! Drawing a table whose widths are decided: tabled sets the cells, this file gives them the shape PowerShell has.

use std::borrow::Cow;
use std::io::{self, Write};

use tabled::grid::config::{Borders, CompactConfig, Indent, Sides};
use tabled::grid::dimension::Dimension;
use tabled::tables::CompactTable;

use super::Style;
use super::lines::Lines;
use super::measure::{cells, cut, wrap};

/// A column as it is drawn.
pub(super) struct Track {
    pub(super) label: String,
    pub(super) width: usize,
    pub(super) right: bool,
}

impl Track {
    /// The text in the width of the column. Right-aligned ones are filled up here, because tabled's compact table has
    /// one alignment for all columns.
    fn fit<'c>(&self, text: &'c str) -> Cow<'c, str> {
        let used = cells(text);
        let cell = if used > self.width {
            Cow::Owned(cut(text, self.width, self.right))
        } else {
            Cow::Borrowed(text)
        };
        if self.right && cells(&cell) < self.width { Cow::Owned(self.pushed(&cell)) } else { cell }
    }

    fn pushed(&self, text: &str) -> String {
        " ".repeat(self.width.saturating_sub(cells(text))) + text
    }

    /// A label is never cut: it goes on in the next line of the heading.
    fn heading(&self) -> Vec<Cow<'_, str>> {
        wrap(&self.label, self.width)
    }

    fn underline(&self) -> String {
        "-".repeat(cells(&self.label).min(self.width))
    }
}

/// Writes the heading and all rows. Columns are as wide without a heading as with one, as in PowerShell.
pub(super) fn draw<'c>(
    tracks: &[Track],
    rows: impl Iterator<Item = Vec<&'c str>>,
    style: Style,
    out: &mut dyn Write,
) -> io::Result<()> {
    let heading = if style.no_headers { Vec::new() } else { heading(tracks) };
    let mut lines = Lines::new(if style.colour { heading.len() } else { 0 }, out);
    let records = heading.into_iter().chain(rows.map(|row| fitted(tracks, &row)));
    let widths = Widths(tracks.iter().map(|track| track.width).collect());
    let drawn = CompactTable::with_dimension(records, widths)
        .columns(tracks.len())
        .with(blank_between())
        .fmt(&mut lines);
    lines.close(drawn)
}

fn heading<'c>(tracks: &[Track]) -> Vec<Vec<Cow<'c, str>>> {
    let labels: Vec<_> = tracks.iter().map(Track::heading).collect();
    let height = labels.iter().map(Vec::len).max().unwrap_or(0);
    let line =
        |at: usize| labels.iter().map(move |lines| lines.get(at).cloned().unwrap_or_default().into_owned());
    let mut heading: Vec<_> = (0..height).map(|at| placed(tracks, line(at))).collect();
    heading.push(placed(tracks, tracks.iter().map(Track::underline)));
    heading
}

fn placed<'c>(tracks: &[Track], texts: impl Iterator<Item = String>) -> Vec<Cow<'c, str>> {
    let place = |(track, text): (&Track, String)| if track.right { track.pushed(&text) } else { text };
    tracks.iter().zip(texts).map(place).map(Cow::Owned).collect()
}

fn fitted<'c>(tracks: &[Track], row: &[&'c str]) -> Vec<Cow<'c, str>> {
    tracks.iter().zip(row).map(|(track, text)| track.fit(text)).collect()
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

    fn drawn(tracks: &[Track], rows: &[Vec<&str>], colour: bool) -> String {
        let mut out = Vec::new();
        draw(tracks, rows.iter().cloned(), Style { colour, ..Style::default() }, &mut out)
            .expect("a vector takes everything");
        String::from_utf8(out).expect("UTF-8")
    }

    fn track(label: &str, width: usize, right: bool) -> Track {
        Track { label: label.to_owned(), width, right }
    }

    #[test]
    fn right_aligned_columns_have_label_and_underline_at_the_right() {
        let tracks = [track("Name", 5, false), track("Count", 8, true)];
        let table = drawn(&tracks, &[vec!["a", "12"], vec!["b", "123456789"]], false);
        assert_eq!(table, "Name     Count\n----     -----\na           12\nb     …3456789\n");
    }

    #[test]
    fn a_long_label_goes_on_below_and_is_underlined_to_its_column() {
        let tracks =
            [track("DomainType", 8, false), track("Message Count", 8, true), track("Default", 7, false)];
        let table = drawn(&tracks, &[vec!["Authoritative", "7", "True"]], false);
        let expected = "DomainTy Message  Default\npe          Count\n-------- -------- -------\nAuthori…        7 True\n";
        assert_eq!(table, expected);
    }

    #[test]
    fn only_the_heading_has_colour() {
        let table = drawn(&[track("A", 2, false)], &[vec!["x"]], true);
        assert_eq!(table, "\u{1b}[32;1mA\u{1b}[0m\n\u{1b}[32;1m-\u{1b}[0m\nx\n");
    }

    #[test]
    fn wide_characters_keep_the_columns_straight() {
        let tracks = [track("Name", 6, false), track("Z", 1, false)];
        let table = drawn(&tracks, &[vec!["日本語", "1"], vec!["👍", "2"], vec!["e\u{301}", "3"]], false);
        assert_eq!(table, "Name   Z\n----   -\n日本語 1\n👍     2\ne\u{301}      3\n");
    }
}

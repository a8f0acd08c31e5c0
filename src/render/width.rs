//! How wide the columns of a table are: PowerShell's own sums.

use super::measure::cells;

/// One blank stands between two columns.
const SEPARATOR: usize = 1;

/// The cells that a table may use on a console of this many columns. PowerShell leaves the last one free, since some
/// consoles go to the next line when it is written to. A console of no columns is one that nobody knows the width of.
pub(super) fn usable(console: Option<usize>) -> Option<usize> {
    console.filter(|columns| *columns > 0).map(|columns| (columns - 1).max(1))
}

/// The width that a column needs: that of its label or of its widest cell.
pub(super) fn needed(label: &str, widest: usize) -> usize {
    cells(label).max(widest).max(1)
}

/// Trims columns from the right until the line fits: the last visible one shrinks, and where it would have no cell left
/// it goes and the one before it shrinks. What remains is a beginning of `widths`.
pub(super) fn trim(widths: &mut Vec<usize>, limit: usize) {
    while let Some(last) = widths.last().copied() {
        let excess = total(widths).saturating_sub(limit);
        if excess < last {
            let at = widths.len() - 1;
            widths[at] = last - excess;
            return;
        }
        widths.pop();
    }
}

fn total(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + SEPARATOR * widths.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_trimmed_from_the_right() {
        for (widths, limit, left) in [
            (vec![23, 23, 13, 7], 70, vec![23, 23, 13, 7]),
            (vec![23, 23, 13, 7], 69, vec![23, 23, 13, 7]),
            (vec![23, 23, 13, 7], 68, vec![23, 23, 13, 6]),
            (vec![23, 23, 13, 7], 63, vec![23, 23, 13, 1]),
            (vec![23, 23, 13, 7], 62, vec![23, 23, 13]),
            (vec![23, 23, 13, 7], 60, vec![23, 23, 12]),
            (vec![23, 23, 13, 7], 24, vec![23]),
            (vec![23, 23, 13, 7], 1, vec![1]),
            (vec![], 10, vec![]),
        ] {
            let mut trimmed = widths.clone();
            trim(&mut trimmed, limit);
            assert_eq!(trimmed, left, "{widths:?} in {limit}");
        }
    }

    #[test]
    fn the_last_column_of_a_console_is_left_free() {
        assert_eq!(
            [None, Some(0), Some(1), Some(2), Some(120)].map(usable),
            [None, None, Some(1), Some(1), Some(119)]
        );
    }
}

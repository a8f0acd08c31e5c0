//! How wide the columns of a table are: PowerShell's own sums.

use super::measure::cells;

/// The columns of a console that PowerShell takes for granted where there is none.
pub(super) const CONSOLE: usize = 120;

/// One blank stands between two columns.
const SEPARATOR: usize = 1;

/// The cells that a table may use on a console of this many columns. PowerShell leaves the last one free, since some
/// consoles go to the next line when it is written to. A console of no columns is one that nobody knows the width of.
pub(super) fn usable(console: Option<usize>) -> Option<usize> {
    console.filter(|columns| *columns > 0).map(|columns| (columns - 1).max(1))
}

/// The widths of a view that gives some: a column without one gets its share of what the others leave, the first of them
/// a cell more where it does not come out even. PowerShell hands the cells out one by one, from left to right.
pub(super) fn share(given: &[Option<usize>], limit: usize) -> Vec<usize> {
    let widths: Vec<usize> = given.iter().map(|width| width.unwrap_or(1)).collect();
    let sharers = given.iter().filter(|width| width.is_none()).count().max(1);
    let spare = limit.saturating_sub(total(&widths));
    let mut extra = (0..sharers).map(|rank| spare / sharers + usize::from(rank < spare % sharers));
    let widen = |width: &Option<usize>| width.unwrap_or_else(|| 1 + extra.next().unwrap_or(0));
    given.iter().map(widen).collect()
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
    fn what_fixed_columns_leave_is_shared_by_the_others() {
        let domains = [Some(30), Some(30), None, None];
        let mailboxes = [Some(25), Some(15), Some(30), Some(20), None];
        let permissions = [Some(20), Some(20), None, Some(11), Some(5)];
        let folders = [Some(20), Some(20), None, None];
        for (given, limit, widths) in [
            (&domains[..], 119, vec![30, 30, 28, 28]),
            (&domains[..], 79, vec![30, 30, 8, 8]),
            (&domains[..], 80, vec![30, 30, 9, 8]),
            (&domains[..], 59, vec![30, 28]),
            (&mailboxes[..], 119, vec![25, 15, 30, 20, 25]),
            (&mailboxes[..], 79, vec![25, 15, 30, 6]),
            (&permissions[..], 119, vec![20, 20, 59, 11, 5]),
            (&folders[..], 119, vec![20, 20, 38, 38]),
            (&[Some(40)][..], 119, vec![40]),
            (&[None, None, None][..], 12, vec![4, 3, 3]),
            (&[][..], 12, vec![]),
        ] {
            let mut shared = share(given, limit);
            trim(&mut shared, limit);
            assert_eq!(shared, widths, "{given:?} in {limit}");
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

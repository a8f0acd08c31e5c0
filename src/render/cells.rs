//! The cells of a table, row after row.

/// The texts of all cells in one string: a large result has more cells than memory should be asked for one by one.
#[derive(Default)]
pub(super) struct Cells {
    text: String,
    ends: Vec<usize>,
}

impl Cells {
    pub(super) fn push(&mut self, cell: &str) {
        self.text.push_str(cell);
        self.ends.push(self.text.len());
    }

    #[cfg(test)]
    pub(super) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(super) fn clear(&mut self) {
        self.text.clear();
        self.ends.clear();
    }

    pub(super) fn rows(&self, columns: usize) -> impl Iterator<Item = CellRow<'_>> {
        (0..self.ends.len()).step_by(columns.max(1)).map(|first| CellRow { cells: self, first })
    }
}

pub(super) struct CellRow<'c> {
    cells: &'c Cells,
    first: usize,
}

impl<'c> CellRow<'c> {
    pub(super) fn cell(&self, column: usize) -> &'c str {
        let at = self.first + column;
        let start = if at == 0 { 0 } else { self.cells.ends[at - 1] };
        &self.cells.text[start..self.cells.ends[at]]
    }
}

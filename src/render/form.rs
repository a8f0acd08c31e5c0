//! What PowerShell is asked to do with a result: show it as it is, or by `Format-Table` or `Format-List`.

use super::list::List;
use super::table::{Layout, Table};
use super::{Output, Style, width};
use crate::catalog::{Align, Shape, View};
use crate::value::Row;

/// PowerShell shows an object without a view as a table up to this many properties, and as a list beyond.
const TABLE_PROPERTIES: usize = 4;

/// `Format-Table` without names shows this many properties of an object without a view.
const NAMELESS_PROPERTIES: usize = 10;

/// How objects are shown. What hides the header, `-HideTableHeaders`, is a matter of [`Style`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Form {
    /// `Format-Table` or `Format-List`. Without either, the view decides, and where there is none the number of the
    /// properties.
    pub shape: Option<Shape>,
    /// `-AutoSize`: columns are as wide as their cells, whatever widths the view gives. Without it, so are those of a view
    /// whose first column has no width, and of objects without a view.
    pub auto_size: bool,
    /// `-Wrap` or `-Wrap:$false`. Without either, the view decides.
    pub wrap: Option<bool>,
    /// Whether the text is PowerShell's own to the last blank: with blank lines before and after, filled columns, and 120
    /// columns where no console is known.
    pub exact: bool,
}

impl Form {
    /// What PowerShell prints for a cmdlet alone.
    pub const BARE: Self = Self { shape: None, auto_size: false, wrap: None, exact: true };
    /// What [`super::Format::Table`] prints: always one line an object.
    pub(super) const TABLE: Self = Self { shape: None, auto_size: true, wrap: Some(false), exact: false };
    /// What [`super::Format::List`] prints.
    pub(super) const LIST: Self = Self { shape: Some(Shape::List), ..Self::TABLE };

    /// The style, with a console in any case where PowerShell would take one for granted.
    pub(super) fn styled(self, style: Style) -> Style {
        let console = style.width.filter(|columns| *columns > 0);
        Style { width: if self.exact { console.or(Some(width::CONSOLE)) } else { console }, ..style }
    }
}

/// A result before its first object.
pub(super) struct Undecided {
    form: Form,
    view: Option<View>,
}

impl Undecided {
    pub(super) fn new(form: Form, view: Option<View>) -> Self {
        Self { form, view }
    }

    /// Has the columns that the user named, whatever the view. `Format-Table` sets those on the side that their values
    /// have; ours keeps to one.
    pub(super) fn fix(&mut self, names: &[String]) {
        let align = if self.form.exact { Align::ByValue } else { Align::Left };
        self.view = match self.form.shape {
            // The objects have no other properties by now.
            Some(Shape::List) => None,
            _ => Some(View::of(Shape::Table, names.iter().cloned(), align)),
        };
    }

    /// Decides by the first objects, of which there is at least one.
    pub(super) fn decide(&mut self, rows: &[Row<'_>], style: Style) -> Output {
        let view = self.view.take().filter(|view| fits(view, rows));
        let names = rows[0].names();
        match (self.form.shape, view) {
            // `-o list` promises every property, where `Format-List` shows those of a list view alone.
            (Some(Shape::List), view) => {
                self.list(view.filter(|view| self.form.exact && is_list(view)), style)
            }
            (None, Some(view)) if is_list(&view) => self.list(Some(view), style),
            (_, Some(view)) if !is_list(&view) => self.table(view, style),
            (None, _) if names.len() > TABLE_PROPERTIES => self.list(None, style),
            _ => Output::Table(Table::of_object(names, NAMELESS_PROPERTIES, self.layout(None, style))),
        }
    }

    fn list(&self, view: Option<View>, style: Style) -> Output {
        Output::List(List::new(view.map(|view| view.columns), self.form.exact, style))
    }

    fn table(&self, view: View, style: Style) -> Output {
        let layout = self.layout(Some(&view), style);
        Output::Table(Table::of_view(view.columns, layout))
    }

    fn layout(&self, view: Option<&View>, style: Style) -> Layout {
        let wraps = self.form.wrap.or_else(|| view.map(|view| view.wrap));
        Layout {
            fixed: !self.form.auto_size && style.width.is_some() && view.is_some_and(View::is_fixed),
            wrap: wraps.unwrap_or(false),
            exact: self.form.exact,
            style,
        }
    }
}

/// `Format-List` takes the lines of a list view and knows nothing of a table's columns.
fn is_list(view: &View) -> bool {
    view.shape == Shape::List
}

/// Whether any object has any property of the view. The views are older than the service, and a table without columns
/// would lose the whole result.
fn fits(view: &View, rows: &[Row<'_>]) -> bool {
    let names: Vec<&str> = view.columns.iter().map(|column| column.property.as_ref()).collect();
    rows.iter().any(|row| row.project(&names).iter().any(Option::is_some))
}

//! Views: which properties of a result are shown, under which labels, and whether as a table or as a list.

use std::borrow::Cow;

use super::table;

const VIEWS: &str = include_str!("views.tsv");

/// How a type of objects is shown when nobody asked for a shape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// One line an object.
    Table,
    /// One line a property.
    List,
}

/// On which side of its column a cell stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Align {
    /// Left, as views have it unless they say otherwise, booleans and numbers included.
    #[default]
    Left,
    /// Right.
    Right,
    /// By the first object's value: booleans and numbers right, all else left. PowerShell does so for columns that a
    /// command names, `Format-Table Name,Default`, and where it has no view; fractions have two decimals there.
    ByValue,
}

/// One column of a table, or one line of a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What stands above or before the value.
    pub label: Cow<'static, str>,
    /// The property that is shown.
    pub property: Cow<'static, str>,
    /// The side of the column.
    pub align: Align,
    /// The width that PowerShell gives the column where it does not size by content.
    pub width: Option<usize>,
}

impl Column {
    /// A property under its own name.
    pub fn named(property: impl Into<Cow<'static, str>>, align: Align) -> Self {
        let property = property.into();
        Self { label: property.clone(), property, align, width: None }
    }

    /// Reads `label=property:width>`, of which only the property must be there.
    fn parse(text: &'static str) -> Self {
        let (text, align) = match text.strip_suffix('>') {
            Some(text) => (text, Align::Right),
            None => (text, Align::Left),
        };
        let (text, width) = match text.rsplit_once(':') {
            Some((text, width)) => (text, width.parse().ok()),
            None => (text, None),
        };
        let (label, property) = text.split_once('=').unwrap_or((text, text));
        Self { label: Cow::Borrowed(label), property: Cow::Borrowed(property), align, width }
    }
}

/// What is shown of a result, and in which shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Table or list.
    pub shape: Shape,
    /// The columns, or the lines of a list, in order.
    pub columns: Vec<Column>,
    /// Whether PowerShell wraps cells of this view where they do not fit, in place of cutting them.
    pub wrap: bool,
}

impl View {
    /// The view that is known for exactly this cmdlet.
    pub(super) fn known(cmdlet: &str) -> Option<Self> {
        let line = table::line(VIEWS, cmdlet)?;
        Some(Self {
            shape: if table::field(line, 1) == "list" { Shape::List } else { Shape::Table },
            columns: table::field(line, 3).split(';').map(Column::parse).collect(),
            wrap: !table::field(line, 2).is_empty(),
        })
    }

    /// Whether the widths of the columns count where nothing else is asked for. PowerShell sizes the columns by their cells
    /// as soon as the first of them has no width; what the others have is then ignored.
    pub fn is_fixed(&self) -> bool {
        self.columns.first().is_some_and(|column| column.width.is_some())
    }

    /// A view of properties by name, as a command line names them.
    pub fn of<N: Into<Cow<'static, str>>>(
        shape: Shape,
        properties: impl IntoIterator<Item = N>,
        align: Align,
    ) -> Self {
        let columns = properties.into_iter().map(|name| Column::named(name, align)).collect();
        Self { shape, columns, wrap: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_read_with_all_or_none_of_its_parts() {
        let column = Column::parse("Items Synced=SyncedItemCount:16>");
        assert_eq!((column.label.as_ref(), column.property.as_ref()), ("Items Synced", "SyncedItemCount"));
        assert_eq!((column.align, column.width), (Align::Right, Some(16)));
        assert_eq!(Column::parse("Name"), Column::named("Name", Align::Left));
    }

    #[test]
    fn every_view_belongs_to_a_known_cmdlet_and_is_whole() {
        assert_eq!(VIEWS.lines().count(), 133);
        for line in VIEWS.lines() {
            let name = table::field(line, 0);
            let cmdlet = crate::catalog::find(name).expect(name);
            assert_eq!(cmdlet.name, name);
            let view = cmdlet.view().expect(name);
            assert!(
                view.columns.iter().all(|column| !column.property.is_empty() && !column.label.is_empty())
            );
        }
    }

    #[test]
    fn the_shapes_are_as_powershell_has_them() {
        let lists = VIEWS.lines().filter(|line| table::field(line, 1) == "list").count();
        let wrapped = VIEWS.lines().filter(|line| table::field(line, 2) == "wrap").count();
        let views = VIEWS.lines().filter_map(|line| View::known(table::field(line, 0)));
        let fixed = views.filter(|view| view.shape == Shape::Table && view.is_fixed()).count();
        // 93 are sized by their cells.
        assert_eq!((lists, wrapped, fixed), (8, 12, 32));
    }

    #[test]
    fn three_columns_stand_right() {
        let right: Vec<_> = VIEWS
            .lines()
            .filter_map(|line| View::known(table::field(line, 0)))
            .flat_map(|view| view.columns)
            .filter(|column| column.align == Align::Right)
            .map(|column| column.property.into_owned())
            .collect();
        assert_eq!(right, ["StorageLimitStatus", "LastLogonTime", "LastModificationTime"]);
    }

    #[test]
    fn fixed_widths_are_kept() {
        let view = View::known("Get-AcceptedDomain").expect("known");
        let widths: Vec<_> = view.columns.iter().map(|column| column.width).collect();
        assert_eq!(widths, [Some(30), Some(30), None, None]);
    }
}

//! Format-Table, Format-List, Format-Wide, Out-String and their like.

use std::cmp::Ordering;
use std::rc::Rc;

use super::property::{Property, fields};
use super::{Arguments, Each, Gather, Spec, Takes, parameter};
use crate::catalog::{Align, Shape, View};
use crate::render::{self, Form, Style};
use crate::script::compare;
use crate::script::convert;
use crate::script::display::{self, Display, Line};
use crate::script::error::Flow;
use crate::script::evaluate::{Output, Run, Stage};
use crate::script::object::{Kind, Object};
use crate::script::value::Value;

pub(super) const SPECS: &[Spec] = &[
    Spec {
        name: "Format-Table",
        aliases: &["ft"],
        parameters: &[
            parameter("Property", Takes::Place(0)),
            parameter("AutoSize", Takes::Switch),
            parameter("Wrap", Takes::Switch),
            parameter("HideTableHeaders", Takes::Switch),
            parameter("Force", Takes::IgnoredSwitch),
            parameter("GroupBy", Takes::Value),
            parameter("InputObject", Takes::Value),
        ],
        make: |_, arguments| shaped(arguments, Shape::Table),
    },
    Spec {
        name: "Format-List",
        aliases: &["fl"],
        parameters: &[
            parameter("Property", Takes::Place(0)),
            parameter("Force", Takes::IgnoredSwitch),
            parameter("GroupBy", Takes::Value),
            parameter("InputObject", Takes::Value),
        ],
        make: |_, arguments| shaped(arguments, Shape::List),
    },
    Spec {
        name: "Format-Wide",
        aliases: &["fw"],
        parameters: &[
            parameter("Property", Takes::Place(0)),
            parameter("Column", Takes::Value),
            parameter("AutoSize", Takes::Switch),
            parameter("InputObject", Takes::Value),
        ],
        make: wide,
    },
    Spec {
        name: "Out-String",
        aliases: &[],
        parameters: &[
            parameter("Width", Takes::Value),
            parameter("Stream", Takes::Switch),
            parameter("NoNewline", Takes::Switch),
            parameter("InputObject", Takes::Value),
        ],
        make: out_string,
    },
    Spec {
        name: "Out-Null",
        aliases: &[],
        parameters: &[parameter("InputObject", Takes::Value)],
        make: |_, _| Each::stage(|_, _, _| Ok(())),
    },
    Spec {
        name: "Out-Host",
        aliases: &["oh"],
        parameters: &[parameter("Paging", Takes::IgnoredSwitch), parameter("InputObject", Takes::Value)],
        make: |run, arguments| shown(run, arguments),
    },
    Spec {
        name: "Out-Default",
        aliases: &[],
        parameters: &[parameter("InputObject", Takes::Value)],
        make: |run, arguments| shown(run, arguments),
    },
];

/// How a formatting cmdlet was asked to format.
struct Manner {
    shape: Shape,
    properties: Vec<Property>,
    /// What stands in a heading wherever it changes.
    group_by: Option<Property>,
    auto_size: bool,
    wrap: Option<bool>,
    no_headers: bool,
}

/// Objects that are drawn together, and are of one kind.
struct Together {
    key: String,
    heading: Option<Heading>,
    items: Vec<Value>,
}

/// What stands over a group: a name and a value.
type Heading = (Rc<str>, Value);

fn shaped(arguments: &Arguments, shape: Shape) -> Flow<Box<dyn Stage>> {
    let manner = Manner {
        shape,
        properties: Property::read_all(&arguments.list("Property"))?,
        group_by: Property::read_all(&arguments.list("GroupBy"))?.into_iter().next(),
        auto_size: arguments.is_on("AutoSize"),
        wrap: arguments.find("Wrap").map(Value::is_true),
        no_headers: arguments.is_on("HideTableHeaders"),
    };
    Gather::stage(arguments.list("InputObject"), move |run: &mut Run<'_>, items, out: &mut dyn Output| {
        let text = manner.text(run, items)?;
        if text.is_empty() {
            return Ok(());
        }
        let formatted = Object::new(Kind::Formatted(text.into()), Vec::new());
        out.push(run, Value::object(formatted))
    })
}

impl Manner {
    /// The objects as text, those of one kind together, and under one heading those that have its value.
    fn text(&self, run: &mut Run<'_>, items: Vec<Value>) -> Flow<String> {
        let mut text = Vec::new();
        let mut group: Option<Together> = None;
        for item in items {
            let Some(key) = key(&item) else {
                self.draw(run, group.take(), &mut text)?;
                text.extend_from_slice(format!("{}\n", convert::culture_text(&item)).as_bytes());
                continue;
            };
            let heading = self.heading(run, &item)?;
            match &mut group {
                Some(known)
                    if (known.key == key || !self.properties.is_empty())
                        && known.is_under(heading.as_ref()) =>
                {
                    known.items.push(item);
                }
                _ => {
                    self.draw(run, group.take(), &mut text)?;
                    group = Some(Together { key, heading, items: vec![item] });
                }
            }
        }
        self.draw(run, group, &mut text)?;
        Ok(String::from_utf8(text).unwrap_or_default())
    }

    fn heading(&self, run: &mut Run<'_>, item: &Value) -> Flow<Option<Heading>> {
        match &self.group_by {
            Some(property) => Ok(property.values(run, item)?.into_iter().next()),
            None => Ok(None),
        }
    }

    fn draw(&self, run: &mut Run<'_>, group: Option<Together>, text: &mut Vec<u8>) -> Flow<()> {
        let Some(Together { key, heading, items }) = group else { return Ok(()) };
        let limit = run.limit();
        if let Some((name, value)) = heading {
            // The group before has ended with the blank line that stands between the two.
            text.extend_from_slice(if text.is_empty() { b"\n" } else { b"" });
            let value = display::shown(&value, limit);
            text.extend_from_slice(format!("   {name}: {value}\n").as_bytes());
        }
        let lines: Vec<Line> = items.iter().map(|item| self.line(run, item, limit)).collect::<Flow<_>>()?;
        let form = Form { shape: Some(self.shape), auto_size: self.auto_size, wrap: self.wrap, exact: true };
        let view = if self.properties.is_empty() {
            view_of(&key)
        } else if self.shape == Shape::Table {
            Some(self.view(&lines))
        } else {
            None
        };
        let style = Style { no_headers: self.no_headers, ..display::style(run.display.columns) };
        let mut renderer = render::formatted(form, view, style);
        for line in &lines {
            display::draw(&mut renderer, line, text);
        }
        // A vector takes everything.
        let rendered = renderer.finish(text).unwrap_or_default();
        run.display.hidden.extend(rendered.hidden_columns);
        Ok(())
    }

    fn line(&self, run: &mut Run<'_>, item: &Value, limit: Option<usize>) -> Flow<Line> {
        let mut line = Line::new();
        if self.properties.is_empty() {
            let fields = fields(item);
            return Ok(fields
                .iter()
                .map(|(name, value)| (name.to_string(), display::cell(value, limit)))
                .collect());
        }
        for property in &self.properties {
            for (name, value) in property.values(run, item)? {
                line.push((name.to_string(), display::cell(&value, limit)));
            }
        }
        Ok(line)
    }

    /// The columns that were named, under the names of the first object.
    fn view(&self, lines: &[Line]) -> View {
        let mut view = View::of(Shape::Table, Vec::<String>::new(), Align::ByValue);
        let labels: Vec<&str> = lines
            .first()
            .map(|line| line.iter().map(|(name, _)| name.as_str()).collect())
            .unwrap_or_default();
        for label in labels {
            let own = self.properties.iter().find(|property| property.label.eq_ignore_ascii_case(label));
            let align = own.and_then(|property| property.align).unwrap_or(Align::ByValue);
            view.columns.push(display::column(label, align, own.and_then(|property| property.width)));
        }
        view
    }
}

impl Together {
    /// Whether another object belongs under the same heading. As in PowerShell, case makes no difference.
    fn is_under(&self, heading: Option<&Heading>) -> bool {
        match (&self.heading, heading) {
            (Some((_, own)), Some((_, other))) => compare::sorted(own, other, false) == Ordering::Equal,
            (own, other) => own.is_none() && other.is_none(),
        }
    }
}

/// By what objects belong together; `None` for what is no object.
fn key(item: &Value) -> Option<String> {
    match item {
        Value::Object(object) => match &object.kind {
            Kind::Row(cmdlet) => Some((*cmdlet).to_owned()),
            Kind::Formatted(_) => None,
            Kind::Custom => Some("custom".to_owned()),
            kind => Some(kind.type_name().to_owned()),
        },
        Value::Table(_) => Some("System.Collections.Hashtable".to_owned()),
        Value::Date(_) | Value::Span(_) => Some(item.type_name().to_owned()),
        _ => None,
    }
}

fn view_of(key: &str) -> Option<View> {
    let columns: &[(&str, Option<usize>, Align)] = match key {
        super::group::GROUP => {
            &[("Count", Some(5), Align::Right), ("Name", Some(25), Align::Left), ("Group", None, Align::Left)]
        }
        super::group::GROUP_NO_ELEMENT => {
            &[("Count", Some(5), Align::Right), ("Name", Some(25), Align::Left)]
        }
        _ => return display::view(key),
    };
    let mut view = View::of(Shape::Table, Vec::<String>::new(), Align::Left);
    view.columns = columns.iter().map(|(name, width, align)| display::column(name, *align, *width)).collect();
    Some(view)
}

/// The columns of a kind of objects, where PowerShell has its own.
pub(crate) fn own_view(type_name: &str) -> Option<View> {
    type_name.starts_with("Microsoft.PowerShell.Commands.GroupInfo").then(|| view_of(type_name)).flatten()
}

fn wide(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let properties = Property::read_all(&arguments.list("Property"))?;
    let (columns, auto_size) = (arguments.count("Column")?, arguments.is_on("AutoSize"));
    Gather::stage(arguments.list("InputObject"), move |run: &mut Run<'_>, items, out: &mut dyn Output| {
        let mut cells = Vec::new();
        for item in &items {
            let value = match properties.first() {
                Some(property) => property.value(run, item)?,
                None => named(item),
            };
            cells.push(convert::culture_text(&value));
        }
        if cells.is_empty() {
            return Ok(());
        }
        let console = run.display.columns.unwrap_or(120) - 1;
        let longest = cells.iter().map(|cell| cell.chars().count()).max().unwrap_or(1);
        let count = columns.unwrap_or(if auto_size { (console / (longest + 1)).max(1) } else { 2 }).max(1);
        let width = if auto_size { longest } else { (console.saturating_sub(count - 1) / count).max(1) };
        let mut text = String::from("\n");
        for line in cells.chunks(count) {
            let padded: Vec<String> = line.iter().map(|cell| padded(cell, width)).collect();
            text.push_str(padded.join(" ").trim_end());
            text.push('\n');
        }
        text.push('\n');
        out.push(run, Value::object(Object::new(Kind::Formatted(text.into()), Vec::new())))
    })
}

/// A cell in a column of this width. The formatting of Rust ends the program above 65,535 places.
fn padded(cell: &str, width: usize) -> String {
    let cell = cut(cell, width);
    let blanks = width.saturating_sub(cell.chars().count());
    cell + &" ".repeat(blanks)
}

fn cut(cell: &str, width: usize) -> String {
    if cell.chars().count() <= width {
        cell.to_owned()
    } else {
        cell.chars().take(width - 1).chain(['…']).collect()
    }
}

/// The property that names an object.
fn named(item: &Value) -> Value {
    let found =
        ["Name", "Identity", "Id"].iter().find_map(|name| crate::script::member::own_property(item, name));
    found.unwrap_or_else(|| fields(item).into_iter().next().map_or_else(|| item.clone(), |(_, value)| value))
}

fn out_string(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let (width, stream) = (arguments.count("Width")?, arguments.is_on("Stream"));
    let no_newline = arguments.is_on("NoNewline");
    Gather::stage(arguments.list("InputObject"), move |run: &mut Run<'_>, items, out: &mut dyn Output| {
        let mut shown = Display::new(width.or(run.display.columns), run.limit());
        for item in items {
            shown.push(&item);
        }
        let text = shown.finish();
        if stream {
            return text.lines().try_for_each(|line| out.push(run, Value::text(line)));
        }
        out.push(run, if no_newline { text.replace('\n', "").into() } else { text.into() })
    })
}

/// Shows values as if nobody took them.
fn shown(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let first = arguments.list("InputObject");
    Gather::stage(first, |run: &mut Run<'_>, items, _: &mut dyn Output| {
        items.iter().try_for_each(|item| run.present(item))
    })
}

//! ConvertTo-Html.

use super::property::{Property, fields};
use super::{Arguments, Gather, Spec, Takes, parameter};
use crate::script::convert;
use crate::script::error::Flow;
use crate::script::evaluate::{Output, Run, Stage};
use crate::script::object;
use crate::script::value::Value;

pub(super) const CONVERT_TO: Spec = Spec {
    name: "ConvertTo-Html",
    aliases: &[],
    parameters: &[
        parameter("Property", Takes::Place(0)),
        parameter("Head", Takes::Place(1)),
        parameter("Title", Takes::Place(2)),
        parameter("Body", Takes::Place(3)),
        parameter("PreContent", Takes::Value),
        parameter("PostContent", Takes::Value),
        parameter("Fragment", Takes::Switch),
        parameter("InputObject", Takes::Value),
    ],
    make: convert_to,
};

const DOCTYPE: &str = "<!DOCTYPE html PUBLIC \"-//W3C//DTD XHTML 1.0 Strict//EN\"  \"http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd\">";

/// As `WebUtility.HtmlEncode` does, which writes some letters as numbers too.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\u{a0}'..='\u{ff}' | '\u{10000}'.. => out.extend(["&#", &u32::from(letter).to_string(), ";"]),
            letter => out.push(letter),
        }
    }
    out
}

fn convert_to(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let properties = Property::read_all(&arguments.list("Property"))?;
    let fragment = arguments.is_on("Fragment");
    let texts = |name: &str| convert::texts(&arguments.value(name));
    let title = arguments.text("Title").unwrap_or_else(|| "HTML TABLE".to_owned());
    let (head, body) = (texts("Head"), texts("Body"));
    let (before, after) = (texts("PreContent"), texts("PostContent"));
    Gather::stage(arguments.list("InputObject"), move |run: &mut Run<'_>, items, out: &mut dyn Output| {
        let mut lines: Vec<String> = Vec::new();
        if !fragment {
            lines.extend([
                DOCTYPE.to_owned(),
                "<html xmlns=\"http://www.w3.org/1999/xhtml\">".to_owned(),
                "<head>".to_owned(),
            ]);
            lines.extend(if head.is_empty() { vec![format!("<title>{title}</title>")] } else { head });
            lines.extend(["</head><body>".to_owned()]);
            lines.extend(body);
        }
        lines.extend(before);
        lines.extend(table(run, &properties, &items)?);
        lines.extend(after);
        if !fragment {
            lines.push("</body></html>".to_owned());
        }
        lines.into_iter().try_for_each(|line| out.push(run, line.into()))
    })
}

fn table(run: &mut Run<'_>, properties: &[Property], items: &[Value]) -> Flow<Vec<String>> {
    let mut lines = vec!["<table>".to_owned()];
    let mut names: Option<Vec<std::rc::Rc<str>>> = None;
    for item in items {
        let mut cells = Vec::new();
        if properties.is_empty() {
            cells = fields(item);
        } else {
            for property in properties {
                cells.extend(property.values(run, item)?);
            }
        }
        let row = |tag: &str, texts: Vec<String>| {
            let cells: Vec<String> =
                texts.iter().map(|text| format!("<{tag}>{}</{tag}>", encoded(text))).collect();
            let cells = cells.concat();
            format!("<tr>{cells}</tr>")
        };
        if names.is_none() {
            lines.push(format!("<colgroup>{}</colgroup>", "<col/>".repeat(cells.len())));
            lines.push(row("th", cells.iter().map(|(name, _)| name.to_string()).collect()));
            names = Some(cells.iter().map(|(name, _)| name.clone()).collect());
        }
        let texts = object::under(&cells, names.as_deref().unwrap_or_default());
        lines.push(row(
            "td",
            texts.map(|value| value.map(convert::culture_text).unwrap_or_default()).collect(),
        ));
    }
    lines.push("</table>".to_owned());
    Ok(lines)
}

//! Files of text.

use std::io::Write;

use super::{Arguments, Source, Spec, Takes, csv, html, json, parameter, with_aliases};
use crate::script::convert;
use crate::script::display::Display;
use crate::script::error::{Flow, Raised};
use crate::script::evaluate::{Output, Run, Stage};
use crate::script::value::Value;

const PATH: super::Parameter = with_aliases("Path", &["FilePath", "LiteralPath", "PSPath"], Takes::Place(0));

/// What replaces the text of a file, and what adds to it.
const CONTENT: &[super::Parameter] = &[
    PATH,
    parameter("Value", Takes::Place(1)),
    parameter("Encoding", Takes::Ignored),
    parameter("NoNewline", Takes::Switch),
    parameter("Force", Takes::IgnoredSwitch),
];

pub(super) const SPECS: &[Spec] = &[
    Spec {
        name: "Out-File",
        aliases: &[],
        parameters: &[
            PATH,
            with_aliases("Encoding", &[], Takes::Ignored),
            parameter("Append", Takes::Switch),
            parameter("Width", Takes::Value),
            parameter("Force", Takes::IgnoredSwitch),
            parameter("NoClobber", Takes::Switch),
            parameter("NoNewline", Takes::Switch),
            parameter("InputObject", Takes::Value),
        ],
        make: out_file,
    },
    Spec {
        name: "Set-Content",
        aliases: &[],
        parameters: CONTENT,
        make: |_, arguments| content(arguments, false),
    },
    Spec {
        name: "Add-Content",
        aliases: &[],
        parameters: CONTENT,
        make: |_, arguments| content(arguments, true),
    },
    Spec {
        name: "Get-Content",
        aliases: &["gc", "cat", "type"],
        parameters: &[
            PATH,
            parameter("Raw", Takes::Switch),
            with_aliases("TotalCount", &["First", "Head"], Takes::Value),
            with_aliases("Tail", &["Last"], Takes::Value),
            parameter("Encoding", Takes::Ignored),
        ],
        make: get_content,
    },
    csv::EXPORT,
    csv::IMPORT,
    csv::CONVERT_TO,
    csv::CONVERT_FROM,
    json::CONVERT_TO,
    json::CONVERT_FROM,
    html::CONVERT_TO,
];

/// A file that cannot be read or written.
pub(super) fn unusable(path: &str, error: &std::io::Error) -> Raised {
    let (id, message) = match error.kind() {
        std::io::ErrorKind::NotFound => {
            ("PathNotFound", format!("Cannot find path '{path}' because it does not exist."))
        }
        kind => ("FileUnusable", format!("The file '{path}' cannot be used: {kind}")),
    };
    Raised { exception: "System.IO.IOException", ..Raised::new(id, message) }
}

/// A file that is being written.
pub(super) struct Writing {
    pub(super) path: String,
    file: Option<Box<dyn Write>>,
}

impl Writing {
    pub(super) fn begin(run: &mut Run<'_>, path: String, append: bool, keep: bool) -> Flow<Self> {
        if keep && run.host.exists(&path) {
            return Err(Raised::new("NoClobber", format!("The file '{path}' already exists.")).into());
        }
        let file = run.host.create(&path, append).map_err(|error| unusable(&path, &error))?;
        Ok(Self { path, file: Some(file) })
    }

    pub(super) fn write(&mut self, text: &str) -> Flow<()> {
        let written = self.file.as_mut().map_or(Ok(()), |file| file.write_all(text.as_bytes()));
        written.map_err(|error| unusable(&self.path, &error).into())
    }

    pub(super) fn end(&mut self) -> Flow<()> {
        let ended = self.file.take().map_or(Ok(()), |mut file| file.flush());
        ended.map_err(|error| unusable(&self.path, &error).into())
    }
}

/// The text of a file, whatever the marks at its beginning.
pub(super) fn read(run: &mut Run<'_>, path: &str) -> Flow<String> {
    let bytes = run.host.read(path).map_err(|error| unusable(path, &error))?;
    let text = match bytes.as_slice() {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        bytes => String::from_utf8_lossy(bytes).into_owned(),
    };
    Ok(text)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> String {
    let units: Vec<u16> = bytes.chunks_exact(2).map(|pair| unit([pair[0], pair[1]])).collect();
    String::from_utf16_lossy(&units)
}

/// Out-File: what would be shown, in a file.
struct OutFile {
    path: String,
    append: bool,
    keep: bool,
    no_newline: bool,
    width: Option<usize>,
    first: Vec<Value>,
    writing: Option<(Writing, Display)>,
}

/// Where `>` and `>>` lead.
pub(crate) fn to_file(path: String, append: bool) -> Box<dyn Stage> {
    Box::new(OutFile {
        path,
        append,
        keep: false,
        no_newline: false,
        width: None,
        first: Vec::new(),
        writing: None,
    })
}

fn out_file(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    Ok(Box::new(OutFile {
        path: arguments.needed("Path")?,
        append: arguments.is_on("Append"),
        keep: arguments.is_on("NoClobber"),
        no_newline: arguments.is_on("NoNewline"),
        width: arguments.count("Width")?,
        first: arguments.list("InputObject"),
        writing: None,
    }))
}

impl Stage for OutFile {
    fn begin(&mut self, run: &mut Run<'_>, _: &mut dyn Output) -> Flow<()> {
        let writing = Writing::begin(run, self.path.clone(), self.append, self.keep)?;
        let shown = Display::new(self.width.or(run.display.columns), run.limit());
        self.writing = Some((writing, shown));
        Ok(())
    }

    fn item(&mut self, _: &mut Run<'_>, item: Value, _: &mut dyn Output) -> Flow<()> {
        let Some((writing, shown)) = &mut self.writing else { return Ok(()) };
        shown.push(&item);
        let text = shown.written();
        writing.write(&if self.no_newline { text.replace('\n', "") } else { text })
    }

    fn end(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        for item in std::mem::take(&mut self.first) {
            self.item(run, item, out)?;
        }
        let Some((mut writing, mut shown)) = self.writing.take() else { return Ok(()) };
        let text = shown.finish();
        writing.write(&if self.no_newline { text.replace('\n', "") } else { text })?;
        writing.end()
    }
}

/// Set-Content and Add-Content: the texts of values, one a line.
struct Content {
    path: String,
    append: bool,
    end: &'static str,
    given: Vec<Value>,
    writing: Option<Writing>,
}

fn content(arguments: &Arguments, append: bool) -> Flow<Box<dyn Stage>> {
    let end = if arguments.is_on("NoNewline") { "" } else { "\n" };
    let path = arguments.needed("Path")?;
    Ok(Box::new(Content { path, append, end, given: arguments.list("Value"), writing: None }))
}

impl Stage for Content {
    fn begin(&mut self, run: &mut Run<'_>, _: &mut dyn Output) -> Flow<()> {
        self.writing = Some(Writing::begin(run, self.path.clone(), self.append, false)?);
        Ok(())
    }

    fn item(&mut self, _: &mut Run<'_>, item: Value, _: &mut dyn Output) -> Flow<()> {
        let text = convert::culture_text(&item);
        self.writing.as_mut().map_or(Ok(()), |writing| writing.write(&format!("{text}{}", self.end)))
    }

    fn end(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        for item in std::mem::take(&mut self.given) {
            self.item(run, item, out)?;
        }
        self.writing.as_mut().map_or(Ok(()), Writing::end)
    }
}

fn get_content(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let paths = convert::texts(&arguments.value("Path"));
    let raw = arguments.is_on("Raw");
    let (first, last) = (arguments.count("TotalCount")?, arguments.count("Tail")?);
    Source::stage(move |run: &mut Run<'_>, out: &mut dyn Output| {
        for path in paths {
            let text = match read(run, &path) {
                Err(crate::script::error::Stop::Error(raised)) => {
                    run.fail(*raised)?;
                    continue;
                }
                other => other?,
            };
            if raw {
                out.push(run, text.into())?;
                continue;
            }
            let lines: Vec<&str> = text.lines().collect();
            let from = last.map_or(0, |last| lines.len().saturating_sub(last));
            lines[from..]
                .iter()
                .take(first.unwrap_or(usize::MAX))
                .try_for_each(|line| out.push(run, Value::text(line)))?;
        }
        Ok(())
    })
}

//! Write-Output, Write-Host, Write-Warning and their like.

use super::{Arguments, Each, Source, Spec, Takes, parameter, with_aliases};
use crate::exit::Exit;
use crate::script::convert;
use crate::script::error::{Flow, Raised};
use crate::script::evaluate::{Output, Run, Stage};
use crate::script::value::Value;

const MESSAGE: &[super::Parameter] = &[with_aliases("Message", &["Msg"], Takes::Place(0))];

pub(super) const SPECS: &[Spec] = &[
    Spec {
        name: "Write-Output",
        aliases: &["echo", "write"],
        parameters: &[
            with_aliases("InputObject", &["Message"], Takes::Rest(0)),
            parameter("NoEnumerate", Takes::Switch),
        ],
        make: output,
    },
    Spec {
        name: "Write-Host",
        aliases: &[],
        parameters: &[
            with_aliases("Object", &["Message", "Msg"], Takes::Rest(0)),
            parameter("NoNewline", Takes::Switch),
            parameter("Separator", Takes::Value),
            parameter("ForegroundColor", Takes::Ignored),
            parameter("BackgroundColor", Takes::Ignored),
        ],
        make: host,
    },
    Spec {
        name: "Write-Warning",
        aliases: &[],
        parameters: MESSAGE,
        make: |_, arguments| said(arguments, warn),
    },
    Spec {
        name: "Write-Verbose",
        aliases: &[],
        parameters: MESSAGE,
        make: |_, arguments| said(arguments, detail),
    },
    Spec {
        name: "Write-Debug",
        aliases: &[],
        parameters: MESSAGE,
        make: |_, arguments| said(arguments, |_, _| Ok(())),
    },
    Spec {
        name: "Write-Information",
        aliases: &[],
        parameters: &[
            with_aliases("MessageData", &["Message", "Msg"], Takes::Place(0)),
            parameter("Tags", Takes::Ignored),
        ],
        make: |_, arguments| said(arguments, |_, _| Ok(())),
    },
    Spec {
        name: "Write-Progress",
        aliases: &[],
        parameters: &[
            parameter("Activity", Takes::Place(0)),
            parameter("Status", Takes::Place(1)),
            parameter("Id", Takes::Place(2)),
            parameter("PercentComplete", Takes::Ignored),
            parameter("SecondsRemaining", Takes::Ignored),
            parameter("CurrentOperation", Takes::Ignored),
            parameter("ParentId", Takes::Ignored),
            parameter("Completed", Takes::IgnoredSwitch),
        ],
        make: |_, _| Source::stage(|_: &mut Run<'_>, _: &mut dyn Output| Ok(())),
    },
    Spec {
        name: "Write-Error",
        aliases: &[],
        parameters: &[
            with_aliases("Message", &["Msg"], Takes::Place(0)),
            parameter("Exception", Takes::Value),
            parameter("ErrorRecord", Takes::Value),
            parameter("ErrorId", Takes::Value),
            parameter("Category", Takes::Ignored),
            parameter("TargetObject", Takes::Value),
            parameter("RecommendedAction", Takes::Ignored),
        ],
        make: error,
    },
];

fn warn(run: &mut Run<'_>, text: &str) -> Flow<()> {
    run.warn(text)
}

fn detail(run: &mut Run<'_>, text: &str) -> Flow<()> {
    run.detail(text)
}

fn output(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let whole = arguments.is_on("NoEnumerate");
    let given = arguments.is_given("InputObject").then(|| arguments.value("InputObject"));
    Ok(Box::new(Put { given, whole }))
}

/// Puts out what it is given, or what comes down the pipeline.
struct Put {
    given: Option<Value>,
    whole: bool,
}

impl Stage for Put {
    fn item(&mut self, run: &mut Run<'_>, item: Value, out: &mut dyn Output) -> Flow<()> {
        out.push(run, item)
    }

    fn alone(&mut self, run: &mut Run<'_>, out: &mut dyn Output) -> Flow<()> {
        let Some(given) = self.given.take() else { return Ok(()) };
        if self.whole {
            return out.push(run, given);
        }
        given.enumerated().into_iter().try_for_each(|item| out.push(run, item))
    }
}

fn host(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let separator = arguments.text("Separator").unwrap_or_else(|| " ".to_owned());
    let end = if arguments.is_on("NoNewline") { "" } else { "\n" };
    let write = move |run: &mut Run<'_>, value: &Value| {
        run.flush()?;
        let text = match value {
            Value::List(list) => {
                list.items.borrow().iter().map(convert::culture_text).collect::<Vec<_>>().join(&separator)
            }
            other => convert::culture_text(other),
        };
        run.outside(|host| host.write(&format!("{text}{end}")))
    };
    if arguments.is_given("Object") || arguments.place.alone {
        let given = arguments.value("Object");
        return Source::stage(move |run: &mut Run<'_>, _: &mut dyn Output| write(run, &given));
    }
    Each::stage(move |run, item, _| write(run, &item))
}

/// A message, given or from the pipeline.
fn said(arguments: &Arguments, say: fn(&mut Run<'_>, &str) -> Flow<()>) -> Flow<Box<dyn Stage>> {
    match arguments.find("Message").or(arguments.find("MessageData")).map(convert::text) {
        Some(text) => Source::stage(move |run: &mut Run<'_>, _: &mut dyn Output| say(run, &text)),
        None => Each::stage(move |run, item, _| say(run, &convert::text(&item))),
    }
}

fn error(_: &mut Run<'_>, arguments: &Arguments) -> Flow<Box<dyn Stage>> {
    let given = ["Message", "ErrorRecord", "Exception"].iter().find_map(|name| arguments.find(name));
    let message = given.map(|value| match value.as_object().and_then(|object| object.find("Message")) {
        Some(message) => convert::text(&message),
        None => convert::text(value),
    });
    let id = arguments
        .text("ErrorId")
        .unwrap_or_else(|| "Microsoft.PowerShell.Commands.WriteErrorException".to_owned());
    let target = arguments.value("TargetObject");
    let span = arguments.place.span;
    let raise = move |run: &mut Run<'_>, message: String| {
        run.fail(Raised {
            exit: Exit::Machine,
            exception: "Microsoft.PowerShell.Commands.WriteErrorException",
            target: target.clone(),
            span: Some(span),
            activity: "Write-Error".to_owned(),
            ..Raised::new(&id, message)
        })
    };
    match message {
        Some(message) => Source::stage(move |run: &mut Run<'_>, _: &mut dyn Output| raise(run, message)),
        None => Each::stage(move |run, item, _| raise(run, convert::text(&item))),
    }
}

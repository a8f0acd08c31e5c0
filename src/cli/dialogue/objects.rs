//! Objects that leave a pipeline, in the form that the options of output ask for.

use super::super::console::{Console, Kept};
use super::super::execution::Manner;
use super::super::output::{self, Output};
use super::super::reserved::Reserved;
use crate::catalog;
use crate::failure::Failure;
use crate::render::{self, Format, Renderer};
use crate::script::Statements;
use crate::value::Row;
use crate::world::World;

/// The objects of statements, on their way out.
pub(in crate::cli) struct Objects {
    output: Output,
    renderer: Option<Renderer>,
}

impl Objects {
    /// Decides in which form the objects of statements are wanted; `None` where it is PowerShell's own.
    pub(super) fn wanted(
        statements: &Statements,
        manner: &Manner,
        after: Reserved,
        world: &World,
    ) -> Result<Option<Self>, Failure> {
        if !manner.output.is_chosen(&after, &world.env) {
            return Ok(None);
        }
        let output = manner.output(after, world)?;
        if output.format == Format::Raw {
            return Err(Failure::usage(
                "-o raw is what the server sent, and a pipeline yields objects; use -o json",
            ));
        }
        match statements.formats() {
            Some(cmdlet) => Err(formatted(cmdlet)),
            None => Ok(Some(Self { output, renderer: None })),
        }
    }

    /// The form.
    pub(in crate::cli) fn format(&self) -> Format {
        self.output.format
    }

    /// Writes objects. Those of one page decide the columns of all; the view is that of the cmdlet of the first.
    pub(in crate::cli) fn write(
        &mut self,
        cmdlet: Option<&'static str>,
        objects: &[String],
        console: &mut Console<'_>,
    ) -> Result<(), Option<Failure>> {
        let view = || cmdlet.and_then(catalog::find).and_then(|cmdlet| cmdlet.view());
        let renderer = self.renderer.get_or_insert_with(|| self.output.renderer(view()));
        let rows = objects.iter().map(|object| Row::Json(object));
        let written = renderer.page(rows, &mut console.sink);
        let flushed =
            written.and_then(|()| std::io::Write::flush(&mut console.sink).map_err(render::Error::Output));
        flushed.map_err(output::unwritten)
    }

    /// Ends the result. Where statements failed before there was any object, nothing is written, not even the brackets of
    /// an empty list; nor is an expression evaluated over a part.
    pub(in crate::cli) fn finish(self, is_whole: bool, console: &mut Console<'_>) -> Result<(), Failure> {
        let Self { output, renderer } = self;
        let renderer = match renderer {
            Some(renderer) if is_whole || !output.is_query() => renderer,
            None if is_whole => output.renderer(None),
            _ => return Ok(()),
        };
        console.kept = console.kept.max(if is_whole { Kept::Whole } else { Kept::Part });
        console.finish(renderer, &output)
    }
}

fn formatted(cmdlet: &str) -> Failure {
    let message =
        format!("{cmdlet} makes text of the objects, and the form that was asked for needs objects");
    Failure::usage(message)
        .hint(format!("leave {cmdlet} out, or -o, --columns and --query"))
        .because("nothing was sent")
}

//! Carrying a script out.

mod assign;
mod bind;
mod call;
mod control;
mod expression;
mod function;
mod operator;
mod pipeline;
mod preference;
mod redirect;
mod scope;
mod shown;
mod statement;
mod variable;

use std::rc::Rc;
use std::sync::Arc;

use super::date::{Date, Zone};
use super::display::Display;
use super::error::{Flow, Raised, Stop};
use super::host::{Fault, Host, Said};
use super::object::Object;
use super::pattern::Patterns;
use super::value::{Counter, List, Value};
use crate::exit::Exit;
use crate::language::Span;

pub(crate) use bind::bind;
pub(crate) use function::Function;
pub(crate) use operator::compared;
pub(crate) use pipeline::{Collect, Output, Stage};
pub(crate) use preference::{Action, Common};
pub(crate) use scope::Scope;
pub(crate) use shown::{Shown, names};

/// How deeply functions and blocks may call each other.
const DEEPEST: usize = 250;

/// How many statements, expressions and stages of pipelines may be under way within each other, over all calls. Each call
/// may be as tall as the parser lets a tree be, and [`STACK`](super::program::STACK) has room for this many of the largest.
const TALLEST: usize = 20_000;

/// How many errors `$Error` keeps, as in PowerShell.
const ERRORS: usize = 256;

/// A script that is being carried out.
pub(crate) struct Run<'h> {
    pub(crate) host: &'h mut dyn Host,
    pub(crate) scope: Rc<Scope>,
    pub(crate) global: Rc<Scope>,
    pub(crate) patterns: Patterns,
    pub(crate) display: Display,
    /// The text of the script, to show places in it.
    pub(crate) text: Arc<str>,
    pub(crate) errors: Rc<List>,
    /// What the first error that was told of would have ended the script with; it went on.
    pub(crate) told: Option<Exit>,
    /// Where values go that nobody takes.
    pub(crate) shown: Shown,
    pub(crate) common: Common,
    pub(crate) numbers: Counter,
    /// What stands before the nouns of cmdlets, by `-Prefix`.
    pub(crate) prefix: String,
    depth: usize,
    /// How many statements, expressions and stages are under way within each other.
    height: usize,
    /// How many `try` bodies are being carried out.
    tries: usize,
    steps: u32,
    /// `$?`.
    succeeded: bool,
    errors_go: redirect::Errors,
}

/// What statements leave for those that come after them.
#[derive(Default)]
pub(crate) struct Lasting {
    global: Rc<Scope>,
    errors: Rc<List>,
    numbers: Counter,
    failed: bool,
}

fn too_deep<T>() -> Flow<T> {
    super::error::raise("CallDepthOverflow", "The script failed due to call depth overflow.")
}

impl<'h> Run<'h> {
    pub(crate) fn new(host: &'h mut dyn Host, text: Arc<str>) -> Self {
        let global = Rc::new(Scope::default());
        Self {
            host,
            scope: global.clone(),
            global,
            patterns: Patterns::default(),
            display: Display::default(),
            text,
            errors: Rc::new(List::growing()),
            told: None,
            shown: Shown::default(),
            common: Common::default(),
            numbers: Counter::default(),
            prefix: String::new(),
            depth: 0,
            height: 0,
            tries: 0,
            steps: 0,
            succeeded: true,
            errors_go: redirect::Errors::default(),
        }
    }

    /// Goes on with what earlier statements have left.
    pub(crate) fn resume(&mut self, lasting: &mut Lasting) {
        let Lasting { global, errors, numbers, failed } = std::mem::take(lasting);
        (self.scope, self.global, self.numbers, self.succeeded) = (global.clone(), global, numbers, !failed);
        if !errors.items.borrow().is_empty() {
            self.errors = errors;
        }
    }

    /// What is left for the statements that come next.
    pub(crate) fn lasting(self) -> Lasting {
        let Self { global, errors, numbers, succeeded, .. } = self;
        Lasting { global, errors, numbers, failed: !succeeded }
    }

    pub(crate) fn now(&mut self, zone: Zone) -> Date {
        Date::now(self.host.now(), zone)
    }

    /// Looks, now and then, whether to go on.
    fn step(&mut self) -> Flow<()> {
        self.steps = self.steps.wrapping_add(1);
        if self.steps.is_multiple_of(64) { self.outside(|host| host.check()) } else { Ok(()) }
    }

    /// Does something outside of the script, where every failure ends the script.
    pub(crate) fn outside<T>(&mut self, act: impl FnOnce(&mut dyn Host) -> Result<T, Fault>) -> Flow<T> {
        act(self.host).map_err(Stop::Abort)
    }

    /// One call deeper.
    fn deeper<T>(&mut self, act: impl FnOnce(&mut Self) -> Flow<T>) -> Flow<T> {
        if self.depth >= DEEPEST {
            return too_deep();
        }
        self.depth += 1;
        let done = act(self);
        self.depth -= 1;
        done
    }

    /// One level deeper within a call.
    fn taller<T>(&mut self, act: impl FnOnce(&mut Self) -> Flow<T>) -> Flow<T> {
        if self.height >= TALLEST {
            return too_deep();
        }
        self.height += 1;
        let done = act(self);
        self.height -= 1;
        done
    }

    pub(crate) fn line(&self, span: Option<Span>) -> usize {
        span.map_or(0, |span| span.place(&self.text).line)
    }

    /// What a variable says is preferred.
    fn preference(&self, name: &str) -> Option<Action> {
        Action::named(&super::convert::text(&self.scope.find(name)?))
    }

    /// What is to be done about errors now.
    fn action(&self) -> Action {
        let preference = || self.preference("erroractionpreference");
        self.common.errors.or_else(preference).unwrap_or(Action::Continue)
    }

    /// An error that does not end its statement: it is told of, and what comes next is done, unless the script wants it
    /// otherwise.
    pub(crate) fn fail(&mut self, raised: Raised) -> Flow<()> {
        if self.action() == Action::Stop {
            return Err(Raised { ends_script: true, ..raised }.into());
        }
        self.tell(&raised);
        Ok(())
    }

    /// Tells of an error after which the script goes on.
    fn tell(&mut self, raised: &Raised) {
        let action = self.action();
        self.succeeded = false;
        if action == Action::Ignore {
            return;
        }
        let record = self.remember(raised);
        let record = Value::Object(record);
        self.common.keep_error(&record);
        match &mut self.errors_go {
            _ if action == Action::SilentlyContinue => {}
            redirect::Errors::Nowhere => {}
            redirect::Errors::Joined(waiting) => waiting.push(record),
            redirect::Errors::Shown => {
                self.show(raised);
                self.told.get_or_insert(raised.exit);
            }
        }
    }

    /// Writes an error where errors go, with its place.
    fn show(&mut self, raised: &Raised) {
        let excerpt = raised.span.map(|span| span.excerpt(&self.text)).unwrap_or_default();
        let fault = Fault {
            message: raised.message.clone(),
            exit: raised.exit,
            id: raised.id.clone(),
            fatal: false,
            account: raised.account,
        };
        let _ = self.flush();
        self.host.report(&fault, &excerpt);
    }

    /// Puts an error before all others in `$Error`.
    pub(crate) fn remember(&mut self, raised: &Raised) -> Rc<Object> {
        let record = raised.record(self.line(raised.span));
        let mut errors = self.errors.items.borrow_mut();
        errors.insert(0, Value::Object(record.clone()));
        errors.truncate(ERRORS);
        record
    }

    /// A warning of a cmdlet or of the script.
    pub(crate) fn warn(&mut self, text: &str) -> Flow<()> {
        let preference = || self.preference("warningpreference");
        let action = self.common.warnings.or_else(preference).unwrap_or(Action::Continue);
        self.common.keep_warning(&Value::text(text));
        match action {
            Action::SilentlyContinue | Action::Ignore => Ok(()),
            Action::Stop => {
                let message = format!(
                    "The running command stopped because the preference variable \"WarningPreference\" or common parameter is set to Stop: {text}"
                );
                Err(Raised { ends_script: true, ..Raised::new("ActionPreferenceStop", message) }.into())
            }
            Action::Continue => {
                self.flush()?;
                self.host.say(Said::Warning, text);
                Ok(())
            }
        }
    }

    /// Something for whoever wants to know more.
    pub(crate) fn detail(&mut self, text: &str) -> Flow<()> {
        let preference = || self.preference("verbosepreference") == Some(Action::Continue);
        if self.common.verbose.unwrap_or_else(preference) {
            self.flush()?;
            self.host.say(Said::Verbose, text);
        }
        Ok(())
    }

    /// Writes what waits to be shown.
    pub(crate) fn flush(&mut self) -> Flow<()> {
        let text = self.display.take();
        self.write(&text)
    }

    /// How many items of a list are shown, where the script wants another number than PowerShell's.
    pub(crate) fn limit(&self) -> Option<usize> {
        let wanted = super::convert::int(&self.scope.find("formatenumerationlimit")?)?;
        if wanted == 4 { None } else { Some(usize::try_from(wanted).unwrap_or(usize::MAX)) }
    }

    /// Shows a value that nobody takes.
    pub(crate) fn present(&mut self, value: &Value) -> Flow<()> {
        self.shown.note(value);
        if self.shown.as_objects {
            return self.hand_over(value);
        }
        self.display.limit = self.limit();
        self.display.push(value);
        let text = self.display.written();
        self.write(&text)
    }

    /// Shows what is still to be shown at the end.
    pub(crate) fn finish(&mut self) -> Flow<()> {
        self.hand_over_rest()?;
        let text = self.display.finish();
        self.write(&text)
    }

    fn write(&mut self, text: &str) -> Flow<()> {
        let lost = std::mem::take(&mut self.display.lost);
        if !lost.is_empty() {
            let lost = lost.join(", ");
            let told = format!(
                "no column for {lost}: the first object decides, as in PowerShell; Format-Table at the end of a pipeline begins a table of its own"
            );
            self.host.say(Said::Warning, &told);
        }
        let hidden = std::mem::take(&mut self.display.hidden);
        if !hidden.is_empty() && self.host.columns().is_some() {
            let hidden = hidden.join(", ");
            self.host.say(
                Said::Note,
                &format!("the console is too narrow for {hidden}; Format-List shows everything"),
            );
        }
        if text.is_empty() { Ok(()) } else { self.outside(|host| host.write(text)) }
    }
}

//! Pipelines and commands.

use super::scan::{ends_word, is_dash};
use super::{Parsed, Parser};
use crate::language::expression::Expression;
use crate::language::place::Span;
use crate::language::tree::{Command, CommandName, Pipeline, Redirection, RedirectionTarget, Stage};

impl Parser<'_> {
    pub(super) fn pipeline(&mut self) -> Parsed<Pipeline> {
        let start = self.at;
        let mut stages = vec![self.first_stage()?];
        while self.goes_on()? {
            self.breaks()?;
            if self.begins_expression() {
                return self.error_instead(
                    self.at,
                    "an expression can stand only at the beginning of a pipeline",
                    "write `ForEach-Object { … }` around it",
                );
            }
            stages.push(Stage::Command(self.command()?));
        }
        Ok(Pipeline { stages, span: self.span(start) })
    }

    /// Whether `|` is next, be it at the beginning of the next line.
    fn goes_on(&mut self) -> Parsed<bool> {
        self.blanks()?;
        let before = self.at;
        self.breaks()?;
        if self.starts("|") && !self.starts("||") {
            self.at += 1;
            return Ok(true);
        }
        self.at = before;
        Ok(false)
    }

    fn first_stage(&mut self) -> Parsed<Stage> {
        if !self.begins_expression() {
            return Ok(Stage::Command(self.command()?));
        }
        let expression = self.expression()?;
        let mut redirections = Vec::new();
        self.blanks()?;
        while let Some(redirection) = self.redirection()? {
            redirections.push(redirection);
            self.blanks()?;
        }
        Ok(Stage::Expression(expression, redirections))
    }

    /// Whether what is next is an expression and not the name of a command.
    fn begins_expression(&self) -> bool {
        let Some(first) = self.peek() else { return false };
        let second = self.second();
        match first {
            '$' | '(' | '{' | '[' | '!' | ',' | '@' | '+' => true,
            '.' => second.is_some_and(|second| second.is_ascii_digit()),
            first if is_dash(first) => true,
            first if first.is_ascii_digit() => self.number_ahead(),
            first => super::scan::is_double_quote(first) || super::scan::is_single_quote(first),
        }
    }

    pub(super) fn command(&mut self) -> Parsed<Command> {
        let start = self.at;
        let name = self.command_name()?;
        let (mut arguments, mut redirections) = (Vec::new(), Vec::new());
        loop {
            self.blanks()?;
            if let Some(redirection) = self.redirection()? {
                redirections.push(redirection);
            } else if self.ends_command() {
                break;
            } else {
                arguments.push(self.argument()?);
            }
        }
        Ok(Command { name, arguments, redirections, span: self.span(start) })
    }

    fn ends_command(&self) -> bool {
        matches!(self.peek(), None | Some('\r' | '\n' | ';' | '|' | ')' | '}' | '&'))
    }

    fn command_name(&mut self) -> Parsed<CommandName> {
        let start = self.at;
        let dotted = self.starts(".") && !self.starts("..");
        if dotted && self.second().is_some_and(|second| matches!(second, '\\' | '/')) {
            return self.error_instead(
                start,
                "other scripts are not run from a script",
                "put their functions into this one",
            );
        }
        if self.starts("&") && !self.starts("&&") || dotted {
            self.at += 1;
            self.blanks()?;
            return Ok(CommandName::Invoked { what: Box::new(self.invoked()?), dotted });
        }
        let word =
            self.take(|letter| !ends_word(letter) && !matches!(letter, '"' | '\'' | '<' | '>' | '`' | '$'));
        if word.is_empty() {
            return self.unexpected();
        }
        Ok(CommandName::Named(word.to_owned(), self.span(start)))
    }

    fn invoked(&mut self) -> Parsed<Expression> {
        if self.ends_command() && !self.starts("(") {
            return self.error(self.at, "what is to be run is missing after `&` or `.`");
        }
        self.argument_element()
    }

    /// `> file`, `2>$null`, `2>&1` and their like.
    fn redirection(&mut self) -> Parsed<Option<Redirection>> {
        let start = self.at;
        let stream = match self.peek() {
            Some('>') => Some(1),
            Some('*') if self.second() == Some('>') => None,
            Some(digit @ '1'..='6') if self.second() == Some('>') => {
                u8::try_from(digit).ok().map(|digit| digit - b'0')
            }
            Some('<') => {
                return self.error_instead(start, "`<` is not supported", "pipe the result of Get-Content");
            }
            _ => return Ok(None),
        };
        self.take(|letter| letter != '>');
        self.at += 1;
        let append = self.eat(">");
        if self.eat("&") {
            let digit =
                self.next().and_then(|digit| digit.to_digit(10)).and_then(|digit| u8::try_from(digit).ok());
            return match digit {
                Some(to @ (1 | 2)) => {
                    let to = RedirectionTarget::Stream(to);
                    Ok(Some(Redirection { stream, to, span: self.span(start) }))
                }
                _ => self.error(start, "a stream can be joined to 1 or 2 alone"),
            };
        }
        self.blanks()?;
        if self.ends_command() && !self.starts("(") {
            return self.error(self.at, "the name of a file is missing after `>`");
        }
        let name = Box::new(self.argument_element()?);
        let to = RedirectionTarget::File { name, append };
        Ok(Some(Redirection { stream, to, span: Span::new(start, self.at) }))
    }
}

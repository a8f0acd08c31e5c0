//! Bodies: of the script, of functions, of script blocks; and their parameters.

use std::sync::Arc;

use super::{Parsed, Parser};
use crate::language::expression::TypeName;
use crate::language::tree::{Attribute, Block, Parameter, Statement};

impl Parser<'_> {
    /// The whole script.
    pub(in crate::language) fn script(mut self) -> Parsed<Arc<Block>> {
        let block = self.body(None)?;
        if !self.is_over() {
            return self.unexpected();
        }
        Ok(Arc::new(block))
    }

    /// `{ … }` as a body.
    pub(super) fn block(&mut self) -> Parsed<Arc<Block>> {
        let start = self.at;
        self.expect("{", "here")?;
        let block = self.nested(|this| this.body(Some('}')))?;
        self.close("}", start)?;
        Ok(Arc::new(block))
    }

    /// `{ … }` as statements.
    pub(super) fn braced(&mut self, after: &str) -> Parsed<Vec<Statement>> {
        self.breaks()?;
        let start = self.at;
        self.expect("{", after)?;
        let statements = self.nested(|this| this.statements(Some('}')))?;
        self.close("}", start)?;
        Ok(statements)
    }

    fn body(&mut self, end: Option<char>) -> Parsed<Block> {
        self.separators()?;
        let start = self.at;
        let (binds, parameters) = self.parameters()?;
        let mut block = Block { binds, parameters, ..Block::default() };
        self.separators()?;
        if matches!(self.word().as_str(), "begin" | "process" | "end" | "dynamicparam" | "clean") {
            self.named_blocks(&mut block)?;
        } else {
            block.end = self.statements(end)?;
        }
        block.span = self.span(start);
        Ok(block)
    }

    fn named_blocks(&mut self, block: &mut Block) -> Parsed<()> {
        loop {
            self.separators()?;
            let start = self.at;
            let word = self.word();
            self.at += word.len();
            match word.as_str() {
                "begin" => block.begin = self.braced("after `begin`")?,
                "process" => block.process = Some(self.braced("after `process`")?),
                "end" => block.end = self.braced("after `end`")?,
                "dynamicparam" | "clean" => return self.error(start, format!("`{word}` is not supported")),
                _ => {
                    self.at = start;
                    return Ok(());
                }
            }
        }
    }

    /// `param( … )`, and whether `[CmdletBinding()]` stands before it.
    fn parameters(&mut self) -> Parsed<(bool, Vec<Parameter>)> {
        let start = self.at;
        let mut binds = false;
        while self.starts("[") {
            // Where it is none, it is the beginning of a statement, such as `[int]$x = 1`, which is read in its turn.
            let Ok((attribute, _)) = self.attribute() else {
                // What was read of it is read again as well, and not what comes behind the place at which it failed.
                self.at = start;
                return Ok((false, Vec::new()));
            };
            binds |= attribute.name.name.eq_ignore_ascii_case("CmdletBinding");
            self.separators()?;
        }
        if !self.eat_word("param") {
            self.at = start;
            return Ok((false, Vec::new()));
        }
        self.breaks()?;
        self.parameter_list().map(|parameters| (binds, parameters))
    }

    /// `( … )` after `param` or after the name of a function.
    pub(super) fn parameter_list(&mut self) -> Parsed<Vec<Parameter>> {
        let start = self.at;
        self.expect("(", "before the parameters")?;
        let parameters = self.nested(|this| {
            let mut parameters = Vec::new();
            loop {
                this.breaks()?;
                if this.starts(")") {
                    return Ok(parameters);
                }
                parameters.push(this.parameter()?);
                this.breaks()?;
                if !this.eat(",") {
                    return Ok(parameters);
                }
            }
        })?;
        self.close(")", start)?;
        Ok(parameters)
    }

    fn parameter(&mut self) -> Parsed<Parameter> {
        let start = self.at;
        let (mut of, mut attributes) = (None, Vec::new());
        while self.starts("[") {
            let (attribute, is_type) = self.attribute()?;
            if is_type {
                of = Some(attribute.name);
            } else {
                attributes.push(attribute);
            }
            self.breaks()?;
        }
        if !self.starts("$") {
            return self.error(self.at, "a parameter is missing: `$name`");
        }
        let name = self.variable()?.name;
        self.blanks()?;
        self.commas = false;
        let default = if self.eat("=") {
            self.breaks()?;
            Some(self.expression()?)
        } else {
            None
        };
        self.commas = true;
        Ok(Parameter { name, of, attributes, default, span: self.span(start) })
    }

    /// `[Name( … )]`, or a type, which has no parentheses.
    fn attribute(&mut self) -> Parsed<(Attribute, bool)> {
        let start = self.at;
        self.expect("[", "here")?;
        self.blanks()?;
        let name = TypeName {
            name: self.take(|letter| !matches!(letter, '(' | ']' | '[' | '\n')).trim().to_owned(),
            span: self.span(start + 1),
        };
        if !self.starts("(") {
            self.at = start;
            let name = self.type_name()?;
            return Ok((Attribute { name, values: Vec::new(), named: Vec::new() }, true));
        }
        let opened = self.at;
        self.at += 1;
        let mut attribute = Attribute { name, values: Vec::new(), named: Vec::new() };
        self.nested(|this| {
            this.commas = false;
            loop {
                this.breaks()?;
                if this.starts(")") {
                    return Ok(());
                }
                this.attribute_value(&mut attribute)?;
                this.breaks()?;
                if !this.eat(",") {
                    return Ok(());
                }
            }
        })?;
        self.close(")", opened)?;
        self.blanks()?;
        self.close("]", start)?;
        Ok((attribute, false))
    }

    fn attribute_value(&mut self, attribute: &mut Attribute) -> Parsed<()> {
        let name = self.word();
        if name.is_empty() {
            attribute.values.push(self.expression()?);
            return Ok(());
        }
        let name = self.rest()[..name.len()].to_owned();
        self.at += name.len();
        self.blanks()?;
        let value = if self.eat("=") {
            self.breaks()?;
            Some(self.expression()?)
        } else {
            None
        };
        attribute.named.push((name, value));
        Ok(())
    }
}

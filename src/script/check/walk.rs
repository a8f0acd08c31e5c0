//! Over the whole tree.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::known::Known;
use crate::language::Span;
use crate::language::{
    Argument, Block, Command, CommandName, Expression, ExpressionKind, Member, MemberName, Name, Parameter,
    Part, Pipeline, Redirection, RedirectionTarget, Stage, Statement, StatementKind, TypeName,
};
use crate::script::casts::{self, Of};
use crate::script::member;

/// Attributes of parameters that are carried out here, or say nothing that would have to be.
pub(crate) const ATTRIBUTES: [&str; 13] = [
    "Parameter",
    "Alias",
    "ValidateSet",
    "ValidateRange",
    "ValidatePattern",
    "ValidateNotNullOrEmpty",
    "ValidateNotNull",
    "AllowNull",
    "AllowEmptyString",
    "AllowEmptyCollection",
    "CmdletBinding",
    "OutputType",
    "SupportsWildcards",
];

/// Scopes that a variable may name.
const SCOPES: [&str; 6] = ["env", "script", "global", "local", "private", "variable"];

/// Variables that would change what is done, and do not here.
const REFUSED: [(&str, &str); 3] = [
    ("whatifpreference", "write -WhatIf behind the cmdlets that are meant"),
    (
        "confirmpreference",
        "write -Confirm:$false behind the cmdlets that are meant, or run the script with --yes",
    ),
    ("ofs", "join the texts with -join"),
];

pub(super) type Found = Vec<(Span, String, Option<String>)>;

/// What is known of a script before it is carried out.
pub(super) struct Walk {
    pub(super) found: Found,
    /// The functions that it defines anywhere, by their names in lower case.
    pub(super) functions: HashMap<String, Arc<Block>>,
    /// The prefixes that it connects with.
    pub(super) prefixes: HashSet<String>,
    /// The keys of the hashtable that is assigned to a variable as it is written, by its name in lower case; none where
    /// the variable is assigned to more than once.
    pub(super) tables: HashMap<String, Vec<(String, Span)>>,
    /// Whether functions and prefixes are still looked for, and nothing is objected to.
    looking: bool,
}

impl Walk {
    pub(super) fn over(block: &Block, known: &mut Known) -> Found {
        let Known { functions, prefixes, tables } = known.clone();
        let mut walk = Self { found: Vec::new(), functions, prefixes, tables, looking: true };
        walk.block(block);
        walk.looking = false;
        walk.block(block);
        let Self { found, functions, prefixes, tables, .. } = walk;
        if found.is_empty() {
            *known = Known { functions, prefixes, tables };
        }
        found
    }

    pub(super) fn object(&mut self, span: Span, what: impl Into<String>, instead: Option<&str>) {
        if !self.looking {
            self.found.push((span, what.into(), instead.map(str::to_owned)));
        }
    }

    fn block(&mut self, block: &Block) {
        for parameter in &block.parameters {
            self.parameter(parameter);
        }
        self.statements(&block.begin);
        if let Some(statements) = &block.process {
            self.statements(statements);
        }
        self.statements(&block.end);
    }

    fn parameter(&mut self, parameter: &Parameter) {
        if let Some(of) = &parameter.of {
            self.type_name(of);
        }
        if let Some(default) = &parameter.default {
            self.expression(default);
        }
        for attribute in &parameter.attributes {
            let name = &attribute.name;
            if !ATTRIBUTES.iter().any(|known| known.eq_ignore_ascii_case(&name.name)) {
                self.object(name.span, format!("the attribute `{}` is not supported", name.name), None);
            }
            for value in &attribute.values {
                self.expression(value);
            }
        }
    }

    fn statements(&mut self, statements: &[Statement]) {
        for statement in statements {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match &statement.kind {
            StatementKind::Pipeline(pipeline) => self.pipeline(pipeline),
            StatementKind::Assign { target, value, .. } => {
                if self.looking {
                    self.keep_table(target, value);
                }
                self.target(target);
                self.statement(value);
            }
            StatementKind::If { clauses, otherwise } => {
                for (condition, body) in clauses {
                    self.pipeline(condition);
                    self.statements(body);
                }
                if let Some(body) = otherwise {
                    self.statements(body);
                }
            }
            StatementKind::ForEach { variable, over, body, .. } => {
                self.variable(variable);
                self.statement(over);
                self.statements(body);
            }
            StatementKind::For { first, condition, next, body, .. } => {
                for part in first.iter().chain(next) {
                    self.statement(part);
                }
                if let Some(condition) = condition {
                    self.pipeline(condition);
                }
                self.statements(body);
            }
            StatementKind::While { condition, body, .. } => {
                self.pipeline(condition);
                self.statements(body);
            }
            StatementKind::Switch(switch) => {
                self.statement(&switch.subject);
                for (value, body) in &switch.clauses {
                    self.expression(value);
                    self.statements(body);
                }
                if let Some(body) = &switch.otherwise {
                    self.statements(body);
                }
            }
            StatementKind::Try { body, catches, finally } => {
                self.statements(body);
                for catch in catches {
                    for of in &catch.types {
                        self.caught(of);
                    }
                    self.statements(&catch.body);
                }
                self.statements(finally);
            }
            StatementKind::Function { name, body } => {
                self.functions.insert(name.to_lowercase(), body.clone());
                self.block(body);
            }
            StatementKind::Return(value) | StatementKind::Throw(value) | StatementKind::Exit(value) => {
                if let Some(value) = value {
                    self.statement(value);
                }
            }
            StatementKind::Break(_) | StatementKind::Continue(_) => {}
        }
    }

    /// Keeps the keys of a hashtable, in case that it is passed on to a command.
    fn keep_table(&mut self, target: &Expression, value: &Statement) {
        let ExpressionKind::Variable(name) = &target.kind else { return };
        let name = name.name.to_lowercase();
        if let Some(known) = self.tables.get_mut(&name) {
            // Which of several is meant is known only when it is passed on.
            return known.clear();
        }
        let keys = self.tables.entry(name).or_default();
        let StatementKind::Pipeline(pipeline) = &value.kind else { return };
        let [Stage::Expression(expression, _)] = pipeline.stages.as_slice() else { return };
        if let ExpressionKind::Table(entries) = &expression.kind {
            let key = |key: &Expression| match &key.kind {
                ExpressionKind::Text(text) => Some((text.to_string(), key.span)),
                _ => None,
            };
            keys.extend(entries.iter().filter_map(|(name, _)| key(name)));
        }
    }

    fn caught(&mut self, of: &TypeName) {
        if casts::find(&of.name).is_none_or(|found| found.of != Of::Exception) {
            let what = format!("`catch [{}]` is not supported: errors here are [System.Exception]", of.name);
            self.object(
                of.span,
                what,
                Some("write `catch` without a type, and look at $_.Exception.Message"),
            );
        }
    }

    /// What is assigned to.
    fn target(&mut self, target: &Expression) {
        if let ExpressionKind::Variable(name) = &target.kind {
            if name.scope.as_deref().is_some_and(|scope| scope.eq_ignore_ascii_case("env")) {
                self.object(
                    name.span,
                    "setting a variable of the environment is not supported",
                    Some("use a variable of the script"),
                );
            }
            let lower = name.name.to_lowercase();
            if let Some((_, instead)) = REFUSED.iter().find(|(refused, _)| *refused == lower) {
                self.object(name.span, format!("setting `${}` is not supported", name.name), Some(instead));
            }
        }
        if let ExpressionKind::List(targets) = &target.kind {
            for target in targets {
                self.target(target);
            }
            return;
        }
        self.expression(target);
    }

    fn pipeline(&mut self, pipeline: &Pipeline) {
        for stage in &pipeline.stages {
            match stage {
                Stage::Expression(expression, redirections) => {
                    self.expression(expression);
                    self.redirections(redirections);
                }
                Stage::Command(command) => self.command_in_full(command),
            }
        }
    }

    fn command_in_full(&mut self, command: &Command) {
        if self.looking {
            self.prefixes.extend(super::command::prefix(command));
        } else {
            super::command::check(self, command);
        }
        if let CommandName::Invoked { what, .. } = &command.name {
            self.expression(what);
        }
        // A block that the service gets is a filter, and no code.
        let sent = !self.looking && super::command::is_of_service(self, command);
        for argument in &command.arguments {
            match argument {
                Argument::Value(Expression { kind: ExpressionKind::Block(_), .. }) if sent => {}
                Argument::Parameter { value, .. } => value.iter().for_each(|value| self.expression(value)),
                Argument::Value(value) => self.expression(value),
                Argument::Splat(name) => self.variable(name),
            }
        }
        self.redirections(&command.redirections);
    }

    fn redirections(&mut self, redirections: &[Redirection]) {
        for redirection in redirections {
            match &redirection.to {
                RedirectionTarget::Stream(1) if redirection.stream == Some(2) => {}
                RedirectionTarget::Stream(_) => {
                    self.object(
                        redirection.span,
                        "only errors can be joined to the data, with 2>&1",
                        Some("warnings are kept by -WarningVariable"),
                    );
                }
                RedirectionTarget::File { name, .. } => {
                    self.expression(name);
                    let is_null = matches!(&name.kind, ExpressionKind::Variable(name) if name.name.eq_ignore_ascii_case("null"));
                    if redirection.stream != Some(1) && !is_null {
                        self.object(
                            redirection.span,
                            "only data can be redirected to a file; other streams can be redirected to $null",
                            None,
                        );
                    }
                }
            }
        }
    }

    fn variable(&mut self, name: &Name) {
        if let Some(scope) = &name.scope
            && !SCOPES.contains(&scope.to_ascii_lowercase().as_str())
        {
            self.object(name.span, format!("`${scope}:` is not supported"), None);
        }
        if ["pscmdlet", "executioncontext", "host"].contains(&name.name.to_lowercase().as_str()) {
            self.object(name.span, format!("`${}` is not supported", name.name), None);
        }
    }

    fn type_name(&mut self, of: &TypeName) {
        if casts::find(&of.name).is_none() {
            self.object(of.span, format!("the type `[{}]` is not supported", of.name), None);
        }
    }

    fn expression(&mut self, expression: &Expression) {
        match &expression.kind {
            ExpressionKind::Number(_) | ExpressionKind::Text(_) | ExpressionKind::Word(_) => {}
            ExpressionKind::Interpolated(parts) => {
                for part in parts {
                    if let Part::Value(value) = part {
                        self.expression(value);
                    }
                }
            }
            ExpressionKind::Variable(name) => self.variable(name),
            ExpressionKind::List(items) => items.iter().for_each(|item| self.expression(item)),
            ExpressionKind::Array(statements) | ExpressionKind::Sub(statements) => {
                self.statements(statements);
            }
            ExpressionKind::Paren(statement) => self.statement(statement),
            ExpressionKind::Table(entries) => {
                for (key, value) in entries {
                    self.expression(key);
                    self.statement(value);
                }
            }
            ExpressionKind::Block(block) => self.block(block),
            ExpressionKind::Type(of) => self.type_name(of),
            ExpressionKind::Cast(of, operand) => {
                self.type_name(of);
                self.expression(operand);
            }
            ExpressionKind::Unary(_, operand) => self.expression(operand),
            ExpressionKind::Binary { left, right, .. } => {
                self.expression(left);
                self.expression(right);
            }
            ExpressionKind::Ternary(condition, this, that) => {
                for part in [condition, this, that] {
                    self.expression(part);
                }
            }
            ExpressionKind::Member { object, member } => {
                self.expression(object);
                self.member(object, member, false);
            }
            ExpressionKind::Call { object, member, arguments } => {
                self.expression(object);
                self.member(object, member, true);
                for argument in arguments {
                    self.expression(argument);
                }
            }
            ExpressionKind::Index { object, index, .. } => {
                self.expression(object);
                self.expression(index);
            }
            ExpressionKind::Step { target, .. } => self.expression(target),
        }
    }

    fn member(&mut self, object: &Expression, member: &Member, is_call: bool) {
        let name = match &member.name {
            MemberName::Plain(name) => name,
            MemberName::Computed(name) => return self.expression(name),
        };
        if !member.fixed {
            if is_call && !member::is_method(name) {
                self.object(member.span, format!("there is no method `{name}` here"), None);
            }
            return;
        }
        if let ExpressionKind::Type(of) = &object.kind
            && let Some(found) = casts::find(&of.name)
            && !member::has_static(found, name)
        {
            self.object(of.span, format!("`[{}]::{name}` is not supported", of.name), None);
        }
    }
}

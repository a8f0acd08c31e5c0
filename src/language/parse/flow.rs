//! Statements with bodies: branches, loops, `try`, functions.

use super::scan::is_of_name;
use super::{Parsed, Parser};
use crate::language::expression::ExpressionKind;
use crate::language::tree::{Catch, Comparison, Pipeline, Statement, StatementKind, Switch};

impl Parser<'_> {
    /// The statement that this word begins; `None` where it begins none of these.
    pub(super) fn flow(&mut self, word: &str) -> Parsed<Option<StatementKind>> {
        let label = if self.starts(":") { Some(self.label()?) } else { None };
        let word = if label.is_some() { self.word() } else { word.to_owned() };
        let start = self.at;
        self.at += word.len();
        let kind = match word.as_str() {
            "if" if label.is_none() => self.branches()?,
            "try" if label.is_none() => self.attempt(start)?,
            "function" if label.is_none() => self.function()?,
            "foreach" => self.for_each(label)?,
            "for" => self.counted(label)?,
            "while" => {
                let condition = self.condition("after `while`")?;
                let body = self.braced("after the condition")?;
                StatementKind::While { label, condition, until: false, body_first: false, body }
            }
            "do" => self.body_first(label)?,
            "switch" => self.switch(label)?,
            _ => {
                self.at = start;
                if label.is_some() {
                    return self.error(start, "a name with a colon stands before a loop alone");
                }
                return Ok(None);
            }
        };
        Ok(Some(kind))
    }

    fn label(&mut self) -> Parsed<String> {
        let start = self.at;
        self.at += 1;
        let name = self.take(is_of_name).to_lowercase();
        if name.is_empty() {
            return self.error(start, "the name of a loop is missing after the colon");
        }
        self.breaks()?;
        Ok(name)
    }

    fn branches(&mut self) -> Parsed<StatementKind> {
        let mut clauses = vec![(self.condition("after `if`")?, self.braced("after the condition")?)];
        loop {
            let before = self.at;
            self.breaks()?;
            if self.eat_word("elseif") {
                clauses.push((self.condition("after `elseif`")?, self.braced("after the condition")?));
            } else if self.eat_word("else") {
                let otherwise = Some(self.braced("after `else`")?);
                return Ok(StatementKind::If { clauses, otherwise });
            } else {
                self.at = before;
                return Ok(StatementKind::If { clauses, otherwise: None });
            }
        }
    }

    fn for_each(&mut self, label: Option<String>) -> Parsed<StatementKind> {
        self.breaks()?;
        if self.starts("-") {
            return self.error(self.at, "`foreach -parallel` is not supported");
        }
        let start = self.at;
        self.expect("(", "after `foreach`")?;
        let (variable, over) = self.nested(|this| {
            this.breaks()?;
            if !this.starts("$") {
                return this.error(this.at, "a variable is missing after `foreach (`");
            }
            let variable = this.variable()?;
            this.breaks()?;
            if !this.eat_word("in") {
                return this.error(this.at, "`in` is missing after the variable");
            }
            this.breaks()?;
            Ok((variable, Box::new(this.statement()?)))
        })?;
        self.breaks()?;
        self.close(")", start)?;
        let body = self.braced("after `foreach ( … )`")?;
        Ok(StatementKind::ForEach { label, variable, over, body })
    }

    fn counted(&mut self, label: Option<String>) -> Parsed<StatementKind> {
        self.breaks()?;
        let start = self.at;
        self.expect("(", "after `for`")?;
        let (first, condition, next) = self.nested(|this| {
            let first = this.part_of_for()?;
            let condition = match this.part_of_for()? {
                None => None,
                Some(part) => Some(this.as_condition(*part)?),
            };
            Ok((first, condition, this.part_of_for()?))
        })?;
        self.breaks()?;
        self.close(")", start)?;
        let body = self.braced("after `for ( … )`")?;
        Ok(StatementKind::For { label, first, condition, next, body })
    }

    fn as_condition(&self, part: Statement) -> Parsed<Pipeline> {
        match part.kind {
            StatementKind::Pipeline(pipeline) => Ok(pipeline),
            _ => self.error(part.span.start, "the second part of `for` must be a condition"),
        }
    }

    /// A part up to the semicolon behind it, or up to the parenthesis.
    fn part_of_for(&mut self) -> Parsed<Option<Box<Statement>>> {
        self.breaks()?;
        if self.eat(";") || self.starts(")") {
            return Ok(None);
        }
        let part = self.statement()?;
        self.breaks()?;
        if !self.eat(";") && !self.starts(")") {
            return self.unexpected();
        }
        Ok(Some(Box::new(part)))
    }

    fn body_first(&mut self, label: Option<String>) -> Parsed<StatementKind> {
        let body = self.braced("after `do`")?;
        self.breaks()?;
        let until = match self.word().as_str() {
            "while" => false,
            "until" => true,
            _ => return self.error(self.at, "`while` or `until` is missing after the body of `do`"),
        };
        self.at += 5;
        let condition = self.condition("after `while` or `until`")?;
        Ok(StatementKind::While { label, condition, until, body_first: true, body })
    }

    fn switch(&mut self, label: Option<String>) -> Parsed<StatementKind> {
        let (mut comparison, mut case_sensitive) = (Comparison::default(), false);
        self.breaks()?;
        while self.starts("-") {
            let start = self.at;
            self.at += 1;
            let option = self.word();
            self.at += option.len();
            let is = |name: &str| !option.is_empty() && name.starts_with(&option);
            match () {
                () if is("wildcard") => comparison = Comparison::Wildcard,
                () if is("regex") => comparison = Comparison::Regex,
                () if is("exact") => comparison = Comparison::Equal,
                () if is("casesensitive") => case_sensitive = true,
                () => return self.error(start, format!("`switch -{option}` is not supported")),
            }
            self.breaks()?;
        }
        let start = self.at;
        self.expect("(", "after `switch`")?;
        let subject = self.nested(|this| {
            this.breaks()?;
            this.statement().map(Box::new)
        })?;
        self.breaks()?;
        self.close(")", start)?;
        let mut switch =
            Switch { label, comparison, case_sensitive, subject, clauses: Vec::new(), otherwise: None };
        self.clauses(&mut switch)?;
        Ok(StatementKind::Switch(switch))
    }

    fn clauses(&mut self, switch: &mut Switch) -> Parsed<()> {
        self.breaks()?;
        let start = self.at;
        self.expect("{", "after `switch ( … )`")?;
        self.nested(|this| {
            loop {
                this.separators()?;
                if this.starts("}") || this.is_over() {
                    return Ok(());
                }
                let value = this.argument_element()?;
                let body = this.braced("after the value")?;
                match &value.kind {
                    ExpressionKind::Word(word) if word.eq_ignore_ascii_case("default") => {
                        switch.otherwise = Some(body);
                    }
                    _ => switch.clauses.push((value, body)),
                }
            }
        })?;
        self.close("}", start)
    }

    fn attempt(&mut self, start: usize) -> Parsed<StatementKind> {
        let body = self.braced("after `try`")?;
        let (mut catches, mut finally) = (Vec::new(), None);
        loop {
            let before = self.at;
            self.breaks()?;
            if finally.is_none() && self.eat_word("catch") {
                catches.push(self.catch()?);
            } else if finally.is_none() && self.eat_word("finally") {
                finally = Some(self.braced("after `finally`")?);
            } else {
                self.at = before;
                break;
            }
        }
        if catches.is_empty() && finally.is_none() {
            let what = "`catch` or `finally` is missing after `try { … }`";
            return if self.is_over() { self.endless(start, what) } else { self.error(start, what) };
        }
        Ok(StatementKind::Try { body, catches, finally: finally.unwrap_or_default() })
    }

    fn catch(&mut self) -> Parsed<Catch> {
        let mut types = Vec::new();
        self.breaks()?;
        while self.starts("[") {
            types.push(self.type_name()?);
            self.breaks()?;
            if self.eat(",") {
                self.breaks()?;
            }
        }
        Ok(Catch { types, body: self.braced("after `catch`")? })
    }

    fn function(&mut self) -> Parsed<StatementKind> {
        self.blanks()?;
        let start = self.at;
        let name = self.take(|letter| is_of_name(letter) || matches!(letter, '-' | '.' | ':')).to_owned();
        let scope = name.split_once(':').map(|(scope, _)| scope.to_ascii_lowercase());
        let name = match scope.as_deref() {
            None => name,
            Some("global" | "script" | "local") => name[name.find(':').unwrap_or(0) + 1..].to_owned(),
            Some(_) => return self.error(start, "a function cannot have such a name"),
        };
        if name.is_empty() {
            return self.error(start, "the name of the function is missing");
        }
        self.breaks()?;
        let listed = if self.starts("(") { Some(self.parameter_list()?) } else { None };
        self.breaks()?;
        let mut body = self.block()?;
        if let (Some(listed), Some(block)) = (listed, std::sync::Arc::get_mut(&mut body)) {
            block.parameters = listed;
        }
        Ok(StatementKind::Function { name, body })
    }
}

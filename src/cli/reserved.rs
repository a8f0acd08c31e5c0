//! The options of exo-mi that may stand after the cmdlet too, where all else belongs to the cmdlet. No parameter of any
//! cmdlet has one of these names.

use clap::ValueEnum;

use crate::failure::Failure;
use crate::render::{Columns, Format};

/// What was given after the cmdlet. It wins over the same option before it.
#[derive(Debug, Default)]
pub(super) struct Reserved {
    pub output: Option<Format>,
    pub columns: Option<Columns>,
    pub query: Option<String>,
    pub wide: bool,
    pub no_headers: bool,
}

impl Reserved {
    /// Whether a word is such an option and the next one its value.
    pub(super) fn takes_value(word: &str) -> bool {
        ["-o", "--output", "--columns", "--query"].iter().any(|option| option.eq_ignore_ascii_case(word))
    }

    /// The name that a word has, and the value that is attached to it. Only two hyphens have one attached: `-o=json` is
    /// what a parameter of a cmdlet may look like.
    pub(super) fn parted(word: &str) -> (&str, Option<&str>) {
        match word.split_once(['=', ':']) {
            Some((name, value)) if name.starts_with("--") => (name, Some(value)),
            _ => (word, None),
        }
    }

    /// Takes the word if it is such an option, and the next one if it is its value.
    pub(super) fn take<'w>(
        &mut self,
        word: &str,
        rest: &mut impl Iterator<Item = &'w str>,
    ) -> Result<bool, Failure> {
        let (name, attached) = Self::parted(word);
        let mut value = |what: &str| {
            let value = attached.or_else(|| rest.next().filter(|next| !next.starts_with('-')));
            value.ok_or_else(|| Failure::usage(format!("{name} needs {what}")))
        };
        let twice = match name.to_ascii_lowercase().as_str() {
            "-o" | "--output" => {
                let text = value("a format")?;
                let format = Format::from_str(text, true)
                    .map_err(|_| Failure::usage(format!("{name}: `{text}` is no output format")))?;
                self.output.replace(format).is_some()
            }
            "--columns" => {
                let text = value("names of properties")?;
                let columns =
                    Columns::parse(text).map_err(|why| Failure::usage(format!("{name}: `{text}`: {why}")))?;
                self.columns.replace(columns).is_some()
            }
            "--query" => self.query.replace(value("a JMESPath expression")?.to_owned()).is_some(),
            "--wide" if attached.is_none() => std::mem::replace(&mut self.wide, true),
            "--no-headers" if attached.is_none() => std::mem::replace(&mut self.no_headers, true),
            "--wide" | "--no-headers" => return Err(Failure::usage(format!("{name} takes no value"))),
            _ => return Ok(false),
        };
        if twice { Err(Failure::usage(format!("{name} is given twice"))) } else { Ok(true) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(line: &str) -> Result<(Reserved, Vec<&str>), Failure> {
        let mut reserved = Reserved::default();
        let mut left = Vec::new();
        let mut words = line.split_whitespace();
        while let Some(word) = words.next() {
            if !reserved.take(word, &mut words)? {
                left.push(word);
            }
        }
        Ok((reserved, left))
    }

    #[test]
    fn what_is_reserved_is_taken_and_the_rest_is_left() {
        let (reserved, left) =
            taken("--wide meg -o csv --Columns=A,*b -Wide --no-headers -Output x").expect("good");
        assert_eq!((reserved.output, reserved.wide, reserved.no_headers), (Some(Format::Csv), true, true));
        assert_eq!(reserved.columns, Columns::parse("A,*b").ok());
        assert_eq!(left, ["meg", "-Wide", "-Output", "x"]);
    }

    #[test]
    fn mistakes_are_named() {
        for line in
            ["-o", "-o -x", "--output pdf", "--columns", "--columns=,", "--wide=1", "-o csv --output json"]
        {
            assert!(taken(line).is_err(), "{line}");
        }
    }
}

//! The parts of a path: names, keys in parentheses, and functions with their arguments.

/// One part, decoded once.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Segment {
    pub(crate) name: String,
    pub(crate) arguments: Arguments,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Arguments {
    None,
    /// `('…')`, which names one member of a set.
    Key(String),
    /// `()` or `(name=value,…)`, which makes it a function.
    Named(Vec<(String, Literal)>),
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Literal {
    Text(String),
    /// A word without quotes, such as a GUID.
    Bare(String),
    /// `Kind'Member'`, of an enumeration.
    Member(String, String),
    /// `["…","…"]`.
    List(Vec<String>),
}

impl Segment {
    /// Reads one part of a path as it was sent; `None` where it is none.
    pub(crate) fn parse(raw: &str) -> Option<Self> {
        let text = decode(raw)?;
        let (name, rest) = text.split_at(text.find('(').unwrap_or(text.len()));
        let arguments = match rest.strip_prefix('(').map(|rest| rest.strip_suffix(')')) {
            None => Arguments::None,
            Some(inner) => parse_arguments(inner?)?,
        };
        is_name(name).then(|| Self { name: name.to_owned(), arguments })
    }
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'))
}

/// Takes percent signs away. A plus is a plus in a path, unlike in a query.
fn decode(raw: &str) -> Option<String> {
    let query = format!("={}", raw.replace('+', "%2B").replace('&', "%26"));
    url::form_urlencoded::parse(query.as_bytes()).next().map(|(_, text)| text.into_owned())
}

fn parse_arguments(inner: &str) -> Option<Arguments> {
    if inner.starts_with('\'') {
        let (key, "") = quoted(inner)? else { return None };
        return Some(Arguments::Key(key));
    }
    let (mut named, mut rest) = (Vec::new(), inner);
    while !rest.is_empty() {
        let (name, after) = rest.split_once('=')?;
        let (literal, after) = literal(after)?;
        if !is_name(name) {
            return None;
        }
        named.push((name.to_owned(), literal));
        rest = match after.strip_prefix(',') {
            Some("") => return None,
            Some(more) => more,
            None if after.is_empty() => after,
            None => return None,
        };
    }
    Some(Arguments::Named(named))
}

fn literal(text: &str) -> Option<(Literal, &str)> {
    if text.starts_with('\'') {
        return quoted(text).map(|(text, rest)| (Literal::Text(text), rest));
    }
    if text.starts_with('[') {
        let (list, rest) = text.split_at(text.find(']')? + 1);
        return Some((Literal::List(serde_json::from_str(list).ok()?), rest));
    }
    let (word, rest) = text.split_at(text.find([',', '\'']).unwrap_or(text.len()));
    if word.is_empty() {
        return None;
    }
    if rest.starts_with('\'') {
        return quoted(rest).map(|(member, rest)| (Literal::Member(word.to_owned(), member), rest));
    }
    Some((Literal::Bare(word.to_owned()), rest))
}

/// The text between quotes, in which a doubled quote is one, and what follows it.
pub(super) fn quoted(text: &str) -> Option<(String, &str)> {
    let (mut inside, mut rest) = (String::new(), text.strip_prefix('\'')?);
    loop {
        let (before, after) = rest.split_once('\'')?;
        inside.push_str(before);
        let Some(more) = after.strip_prefix('\'') else { return Some((inside, after)) };
        inside.push('\'');
        rest = more;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(raw: &str) -> Option<(String, Arguments)> {
        Segment::parse(raw).map(|segment| (segment.name, segment.arguments))
    }

    fn key(text: &str) -> (String, Arguments) {
        ("Mailbox".into(), Arguments::Key(text.into()))
    }

    #[test]
    fn keys_are_decoded_once_and_a_plus_stays_one() {
        for (raw, wanted) in [
            ("Mailbox('YWI=')", "YWI="),
            ("Mailbox('YWI%3D')", "YWI="),
            ("Mailbox('a%2Bb%2Fc')", "a+b/c"),
            ("Mailbox('a+b')", "a+b"),
            ("Mailbox('a&b=c')", "a&b=c"),
            ("Mailbox('%2541')", "%41"),
            ("Mailbox(%27a%27)", "a"),
            ("Mailbox('O''Neill')", "O'Neill"),
            ("Mailbox('')", ""),
        ] {
            assert_eq!(parsed(raw), Some(key(wanted)), "{raw}");
        }
    }

    #[test]
    fn functions_have_named_arguments() {
        let text = |text: &str| Literal::Text(text.into());
        let rights = || Literal::List(vec!["SendAs".into()]);
        let all = Literal::Member("Exchange.Kind".into(), "All".into());
        for (raw, arguments) in [
            ("Exchange.F()", vec![]),
            ("Exchange.F(scope=Exchange.Kind'All')", vec![("scope", all)]),
            (
                "Exchange.F(a='x,y',b='',c=z)",
                vec![("a", text("x,y")), ("b", text("")), ("c", Literal::Bare("z".into()))],
            ),
            ("Exchange.F(r=[\"SendAs\"])", vec![("r", rights())]),
            ("Exchange.F(r=%5B%22SendAs%22%5D)", vec![("r", rights())]),
        ] {
            let arguments = arguments.into_iter().map(|(name, value)| (name.to_owned(), value));
            let wanted = ("Exchange.F".to_owned(), Arguments::Named(arguments.collect()));
            assert_eq!(parsed(raw), Some(wanted), "{raw}");
        }
    }

    #[test]
    fn what_is_no_part_of_a_path_is_refused() {
        for raw in [
            "",
            "Mail box",
            "('a')",
            "M('a)",
            "M('a'b)",
            "M('a'",
            "M(a)",
            "M(=1)",
            "M(a=1,)",
            "M(a=,b=1)",
            "M(r=[1])",
            "M(r=[)",
        ] {
            assert_eq!(parsed(raw), None, "{raw}");
        }
    }
}

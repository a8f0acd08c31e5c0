//! Operators, and how tightly they bind.

/// How a value is assigned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Assign {
    /// `=`.
    Set,
    /// `+=`.
    Add,
    /// `-=`.
    Subtract,
    /// `*=`.
    Multiply,
    /// `/=`.
    Divide,
    /// `%=`.
    Remainder,
    /// `??=`.
    IfNull,
}

/// An operator before its operand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unary {
    /// `-not` and `!`.
    Not,
    /// `-bnot`.
    BitNot,
    /// `+`.
    Plus,
    /// `-`.
    Minus,
    /// `,`.
    Wrap,
    /// `-join`.
    Join,
    /// `-split`.
    Split,
}

/// An operator between its operands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binary {
    /// `-and`.
    And,
    /// `-or`.
    Or,
    /// `-xor`.
    Xor,
    /// `-band`.
    BitAnd,
    /// `-bor`.
    BitOr,
    /// `-bxor`.
    BitXor,
    /// A comparison, and whether case counts.
    Compare(Compare, bool),
    /// `-is`.
    Is,
    /// `-isnot`.
    IsNot,
    /// `-as`.
    As,
    /// `-join`.
    Join,
    /// `-split`, and whether case counts.
    Split(bool),
    /// `-replace`, and whether case counts.
    Replace(bool),
    /// `??`.
    IfNull,
    /// `+`.
    Add,
    /// `-`.
    Subtract,
    /// `*`.
    Multiply,
    /// `/`.
    Divide,
    /// `%`.
    Remainder,
    /// `-f`.
    Format,
    /// `..`.
    Range,
    /// `-shl`.
    ShiftLeft,
    /// `-shr`.
    ShiftRight,
}

/// A comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Compare {
    /// `-eq`.
    Equal,
    /// `-ne`.
    NotEqual,
    /// `-gt`.
    Greater,
    /// `-ge`.
    GreaterOrEqual,
    /// `-lt`.
    Less,
    /// `-le`.
    LessOrEqual,
    /// `-like`.
    Like,
    /// `-notlike`.
    NotLike,
    /// `-match`.
    Match,
    /// `-notmatch`.
    NotMatch,
    /// `-contains`.
    Contains,
    /// `-notcontains`.
    NotContains,
    /// `-in`.
    In,
    /// `-notin`.
    NotIn,
}

/// The comparisons by name. Each exists with `i` and with `c` before it, for whether case counts.
const COMPARISONS: [(&str, Compare); 14] = [
    ("eq", Compare::Equal),
    ("ne", Compare::NotEqual),
    ("gt", Compare::Greater),
    ("ge", Compare::GreaterOrEqual),
    ("lt", Compare::Less),
    ("le", Compare::LessOrEqual),
    ("like", Compare::Like),
    ("notlike", Compare::NotLike),
    ("match", Compare::Match),
    ("notmatch", Compare::NotMatch),
    ("contains", Compare::Contains),
    ("notcontains", Compare::NotContains),
    ("in", Compare::In),
    ("notin", Compare::NotIn),
];

/// The other operators that are words, without those of which there are two kinds by case.
const WORDS: [(&str, Binary); 13] = [
    ("and", Binary::And),
    ("or", Binary::Or),
    ("xor", Binary::Xor),
    ("band", Binary::BitAnd),
    ("bor", Binary::BitOr),
    ("bxor", Binary::BitXor),
    ("is", Binary::Is),
    ("isnot", Binary::IsNot),
    ("as", Binary::As),
    ("join", Binary::Join),
    ("f", Binary::Format),
    ("shl", Binary::ShiftLeft),
    ("shr", Binary::ShiftRight),
];

impl Compare {
    /// The comparison of this name, without its dash.
    pub fn named(name: &str) -> Option<(Self, bool)> {
        let find =
            |name: &str| COMPARISONS.iter().find(|(known, _)| *known == name).map(|(_, compare)| *compare);
        let name = name.to_ascii_lowercase();
        if let Some(compare) = find(&name) {
            return Some((compare, false));
        }
        let (case, rest) = (name.chars().next()?, name.get(1..)?);
        find(rest).filter(|_| matches!(case, 'i' | 'c')).map(|compare| (compare, case == 'c'))
    }
}

impl Binary {
    /// The operator of this name, without its dash.
    pub fn named(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        if let Some((_, operator)) = WORDS.iter().find(|(known, _)| *known == lower) {
            return Some(*operator);
        }
        match lower.as_str() {
            "split" | "isplit" => Some(Self::Split(false)),
            "csplit" => Some(Self::Split(true)),
            "replace" | "ireplace" => Some(Self::Replace(false)),
            "creplace" => Some(Self::Replace(true)),
            _ => Compare::named(&lower).map(|(compare, case)| Self::Compare(compare, case)),
        }
    }

    /// How tightly it binds. `-f` and `..` bind more tightly than any arithmetic, as the specification of the language
    /// has it, and all comparisons alike.
    pub(super) fn strength(self) -> u8 {
        match self {
            Self::And | Self::Or | Self::Xor => 1,
            Self::BitAnd | Self::BitOr | Self::BitXor => 2,
            Self::Compare(..)
            | Self::Is
            | Self::IsNot
            | Self::As
            | Self::Join
            | Self::Split(_)
            | Self::Replace(_)
            | Self::ShiftLeft
            | Self::ShiftRight => 3,
            Self::IfNull => 4,
            Self::Add | Self::Subtract => 5,
            Self::Multiply | Self::Divide | Self::Remainder => 6,
            Self::Format => 7,
            Self::Range => 8,
        }
    }
}

impl Unary {
    /// The operator of this name, without its dash.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name.to_ascii_lowercase().as_str() {
            "not" => Some(Self::Not),
            "bnot" => Some(Self::BitNot),
            "join" => Some(Self::Join),
            "split" | "isplit" | "csplit" => Some(Self::Split),
            _ => None,
        }
    }
}

/// The names of all operators that are words, for documentation.
pub fn words() -> Vec<String> {
    let compared = COMPARISONS.iter().map(|(name, _)| format!("-{name}"));
    let others = WORDS.iter().map(|(name, _)| format!("-{name}"));
    let rest = ["-split", "-replace", "-not", "-bnot"].map(str::to_owned);
    compared.chain(others).chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comparisons_have_three_names_each() {
        assert_eq!(Binary::named("EQ"), Some(Binary::Compare(Compare::Equal, false)));
        assert_eq!(Binary::named("ieq"), Some(Binary::Compare(Compare::Equal, false)));
        assert_eq!(Binary::named("cNotMatch"), Some(Binary::Compare(Compare::NotMatch, true)));
        assert_eq!(Binary::named("in"), Some(Binary::Compare(Compare::In, false)));
        assert_eq!(Binary::named("csplit"), Some(Binary::Split(true)));
        for name in ["", "i", "xeq", "equals", "é"] {
            assert_eq!(Binary::named(name), None, "{name}");
        }
    }
}

//! Texts inside of OData expressions.

/// A text as a literal: between single quotes, with those that it holds doubled.
pub(super) fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The filter for one property that is this text.
pub(super) fn equals(property: &str, text: &str) -> String {
    format!("{property} eq {}", literal(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quote_ends_no_literal() {
        for (text, expected) in [
            ("vm-exchange", "displayName eq 'vm-exchange'"),
            ("o'brien's vm", "displayName eq 'o''brien''s vm'"),
            ("' or 1 eq 1 or '", "displayName eq ''' or 1 eq 1 or '''"),
        ] {
            assert_eq!(equals("displayName", text), expected);
        }
    }
}

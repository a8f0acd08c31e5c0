//! Globs over names: `*` stands for any characters and `?` for one.

/// Whether it is more than a name.
pub fn is_glob(pattern: &str) -> bool {
    pattern.contains(['*', '?'])
}

/// Whether a glob fits a whole name, without regard to case. It goes back to the last star alone, so that no pattern
/// takes long.
pub fn matches(pattern: &str, name: &str) -> bool {
    let letters = |text: &str| text.chars().map(|letter| letter.to_ascii_lowercase()).collect::<Vec<_>>();
    let (pattern, name) = (letters(pattern), letters(name));
    let (mut at, mut letter) = (0, 0);
    // Where the last star stands, and how much of the name it has taken so far.
    let mut star: Option<(usize, usize)> = None;
    while letter < name.len() {
        match pattern.get(at) {
            Some('*') => {
                star = Some((at, letter));
                at += 1;
            }
            Some(wanted) if *wanted == '?' || *wanted == name[letter] => {
                at += 1;
                letter += 1;
            }
            _ => {
                let Some((place, taken)) = star else { return false };
                star = Some((place, taken + 1));
                at = place + 1;
                letter = taken + 1;
            }
        }
    }
    pattern[at..].iter().all(|rest| *rest == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_fit_whole_names_without_regard_to_case() {
        for (pattern, name, fits) in [
            ("name", "Name", true),
            ("name", "Names", false),
            ("*size", "MaxSendSize", true),
            ("*size", "SizeOf", false),
            ("Max*Size", "MaxReceiveSize", true),
            ("*a*b*", "xxaxxbxx", true),
            ("*a*b", "abab", true),
            ("*a*b", "abac", false),
            ("?d", "Id", true),
            ("?d", "Guid", false),
            ("*", "", true),
            ("é*", "été", true),
            ("", "", true),
            ("", "a", false),
            ("a?", "a", false),
        ] {
            assert_eq!(matches(pattern, name), fits, "{pattern} and {name}");
        }
    }
}

//! Globs over names: `*` stands for any characters and `?` for one.

/// Whether it is more than a name.
pub fn is_glob(pattern: &str) -> bool {
    pattern.contains(['*', '?'])
}

/// Whether a glob fits a whole name, without regard to case.
pub fn matches(pattern: &str, name: &str) -> bool {
    let letters = |text: &str| text.chars().map(|letter| letter.to_ascii_lowercase()).collect::<Vec<_>>();
    let fits = |wanted: &char, letter| *wanted == '?' || *wanted == letter;
    fit(&letters(pattern), &letters(name), |element| *element == '*', fits)
}

/// Whether a pattern fits all letters, where a star stands for any of them and every other element for one that `fits`.
/// It goes back to the last star alone, so that no pattern takes long.
pub fn fit<E>(
    pattern: &[E],
    letters: &[char],
    is_star: impl Fn(&E) -> bool,
    fits: impl Fn(&E, char) -> bool,
) -> bool {
    let (mut at, mut letter) = (0, 0);
    // Where the last star stands, and how many letters it has taken so far.
    let mut star: Option<(usize, usize)> = None;
    while letter < letters.len() {
        match pattern.get(at) {
            Some(element) if is_star(element) => {
                star = Some((at, letter));
                at += 1;
            }
            Some(element) if fits(element, letters[letter]) => {
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
    pattern[at..].iter().all(is_star)
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

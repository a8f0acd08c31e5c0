//! What a text must hold to be recognised: words in their order, with gaps between them.
//!
//! `application … isn't supported` is found in a message about any application. A gap spans a GUID, a path or a host
//! name, and not a whole log, so that words from two unrelated lines do not meet.

use super::reading::{Folded, MUTE, Reading, Span};

/// The most letters that a gap spans, blanks not counted.
const WIDEST: usize = 300;

/// How many letters a name or a page of NUL bytes counts for, where patterns are compared.
const WEIGHT: usize = 8;

/// Words in their order.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Pattern {
    parts: Vec<Part>,
}

#[derive(Debug, PartialEq, Eq)]
struct Part {
    /// Whether something may stand before it.
    after_gap: bool,
    token: Token,
}

#[derive(Debug, PartialEq, Eq)]
enum Token {
    /// These letters, folded.
    Letters(String),
    /// The name of any cmdlet of Exchange.
    Cmdlet,
    /// A page of NUL bytes.
    Mute,
}

impl Pattern {
    /// Reads a pattern: `…` is a gap, `<cmdlet>` the name of a cmdlet, `<nul>` a page of NUL bytes.
    pub(super) fn parse(text: &str) -> Self {
        let mut parts: Vec<Part> = Vec::new();
        for (at, piece) in text.split('…').enumerate() {
            let tokens = piece.split_inclusive('>').flat_map(tokens);
            parts.extend(
                tokens.enumerate().map(|(place, token)| Part { after_gap: at > 0 && place == 0, token }),
            );
        }
        Self { parts }
    }

    /// Where its words stand, leftmost first. The time is linear in the text, whatever it holds: each part is searched
    /// for once, and joined to the nearest end of what came before.
    pub(super) fn find(&self, reading: &Reading) -> Option<Vec<Span>> {
        let mut stages: Vec<Vec<Link>> = Vec::new();
        for part in &self.parts {
            let places = part.token.occurrences(reading);
            let links = match stages.last() {
                None => places.into_iter().map(|span| Link { span, before: 0 }).collect(),
                Some(found) => joined(found, places, if part.after_gap { WIDEST } else { 0 }),
            };
            if links.is_empty() {
                return None;
            }
            stages.push(links);
        }
        let mut at = 0;
        let mut spans: Vec<Span> = Vec::new();
        for stage in stages.iter().rev() {
            let link = stage[at];
            spans.push(link.span);
            at = link.before;
        }
        spans.reverse();
        Some(spans)
    }

    /// How much it demands: of two patterns that fit, the longer one says more.
    pub(super) fn weight(&self) -> usize {
        let weights = self.parts.iter().map(|part| match &part.token {
            Token::Letters(letters) => letters.len(),
            Token::Cmdlet | Token::Mute => WEIGHT,
        });
        weights.sum()
    }
}

/// The letters and the placeholder of a piece that ends with the placeholder, if it has one.
fn tokens(piece: &str) -> impl Iterator<Item = Token> + use<> {
    let placeholder = [("<cmdlet>", Token::Cmdlet), ("<nul>", Token::Mute)]
        .into_iter()
        .find_map(|(name, token)| Some((piece.strip_suffix(name)?, token)));
    let (letters, token) = placeholder.map_or((piece, None), |(letters, token)| (letters, Some(token)));
    let letters = Some(Folded::of(letters).letters).filter(|letters| !letters.is_empty());
    letters.map(Token::Letters).into_iter().chain(token)
}

impl Token {
    /// Every place of it, from left to right.
    fn occurrences(&self, reading: &Reading) -> Vec<Span> {
        let folded = &reading.folded;
        let all = |letters: &str| {
            let spans = folded
                .letters
                .match_indices(letters)
                .map(|(start, found)| Span { start, end: start + found.len() });
            spans.filter(|span| folded.is_edge(span.start) && folded.is_edge(span.end)).collect()
        };
        match self {
            Self::Letters(letters) => all(letters),
            Self::Cmdlet => reading.cmdlets.clone(),
            Self::Mute => all(MUTE.encode_utf8(&mut [0; 4])),
        }
    }
}

/// A place of a part, and which place of the part before it goes with it.
#[derive(Clone, Copy)]
struct Link {
    span: Span,
    before: usize,
}

/// The places at most so many letters after one of those found. The last one that ends before it is the nearest, so that
/// no other needs to be looked at.
fn joined(found: &[Link], places: Vec<Span>, widest: usize) -> Vec<Link> {
    let mut before = 0;
    let reach = |span: Span| {
        while found.get(before + 1).is_some_and(|later| later.span.end <= span.start) {
            before += 1;
        }
        let distance = span.start.checked_sub(found[before].span.end)?;
        (distance <= widest).then_some(Link { span, before })
    };
    places.into_iter().filter_map(reach).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(pattern: &str, text: &str) -> bool {
        let known = |word: &str| word == "get-mailbox";
        Pattern::parse(pattern).find(&Reading::of(text, &known)).is_some()
    }

    #[test]
    fn words_are_found_in_their_order_however_they_are_written() {
        for text in [
            "The role assigned to application 1 isn't supported",
            "THE ROLE ASSIGNED TO APPLI\nCATION 2 ISN\u{2019}T SUPPORTED.",
            "the role \u{1b}[31massigned\u{1b}[0m to\r\n     | application x\n     | isn\\u0027t supported",
        ] {
            assert!(fits("role assigned to application … isn't supported", text), "{text}");
        }
        for text in ["isn't supported: role assigned to application", "role assigned to application", ""] {
            assert!(!fits("role assigned to application … isn't supported", text), "{text}");
        }
    }

    #[test]
    fn a_gap_spans_a_path_and_not_a_log() {
        assert!(fits("a b … c", &format!("a b {} c", "/path".repeat(50))));
        assert!(!fits("a b … c", &format!("a b {} c", "/path".repeat(80))));
        // The nearest beginning counts, and not the first.
        assert!(fits("ab … c … d", &format!("ab {} ab c {} c d", "x".repeat(400), "y".repeat(250))));
    }

    #[test]
    fn parts_of_words_are_not_words() {
        assert!(fits("410 … IMDS", "status 410 of IMDS"));
        for text in ["status 4100 of IMDS", "status 1410 of IMDS", "status 410 of IMDSv2"] {
            assert!(!fits("410 … IMDS", text), "{text}");
        }
    }

    #[test]
    fn placeholders_stand_for_cmdlets_and_for_silence() {
        assert!(fits("the term '<cmdlet>' is not", "The term \u{201c}Get-Mailbox\u{201d} is not recognized"));
        assert!(!fits("the term '<cmdlet>' is not", "The term 'Get-Item' is not recognized"));
        assert!(fits("<cmdlet> … 403", "Get-Mailbox: (403)"));
        assert!(fits("403 … <nul>", &format!("403 Forbidden\n\n{}", "\0".repeat(99))));
    }

    #[test]
    fn the_leftmost_place_of_each_part_is_told() {
        let reading = Reading::of("x ab cd ab cd", &|_| false);
        let places = vec![Span { start: 1, end: 3 }, Span { start: 3, end: 5 }];
        assert_eq!(Pattern::parse("ab … cd").find(&reading), Some(places));
        assert_eq!(Pattern::parse("ab … cd").weight(), 4);
    }
}

//! The trace of somebody else that a command is a part of, by the W3C's recommendation *Trace Context*.

use std::str::FromStr;

use uuid::Uuid;

/// A trace: what its parts have in common.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    id: String,
    /// Whether who began it records it.
    sampled: bool,
}

/// A text that is no `traceparent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is not a version, a trace, a part of it and flags in hexadecimal digits, with hyphens between")]
pub struct NoTrace;

impl Trace {
    /// The number of the trace.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The header of a part of it that has just begun: each request is one.
    pub fn part(&self) -> String {
        // But for two bits, this half of such a number is chance, and it is never nought.
        let (_, part) = Uuid::new_v4().as_u64_pair();
        format!("00-{}-{part:016x}-0{}", self.id, u8::from(self.sampled))
    }
}

impl FromStr for Trace {
    type Err = NoTrace;

    /// Reads the header of whoever began it. One of a later version may have more behind.
    fn from_str(text: &str) -> Result<Self, NoTrace> {
        let mut fields = text.splitn(5, '-');
        let mut field = |length| fields.next().filter(|field| is_hexadecimal(field, length)).ok_or(NoTrace);
        let (version, id, part, flags) = (field(2)?, field(32)?, field(16)?, field(2)?);
        let is_nought = |field: &str| field.bytes().all(|digit| digit == b'0');
        let goes_on = fields.next().is_some();
        if version == "ff" || is_nought(id) || is_nought(part) || version == "00" && goes_on {
            return Err(NoTrace);
        }
        let flags = u8::from_str_radix(flags, 16).map_err(|_| NoTrace)?;
        Ok(Self { id: id.to_owned(), sampled: flags & 1 == 1 })
    }
}

/// Capital letters are no digits here.
fn is_hexadecimal(field: &str, length: usize) -> bool {
    field.len() == length && field.bytes().all(|digit| matches!(digit, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "4bf92f3577b34da6a3ce929d0e0e4736";

    #[test]
    fn a_header_is_taken_as_the_recommendation_says_or_not_at_all() {
        for (text, sampled) in [
            (format!("00-{ID}-00f067aa0ba902b7-01"), Some(true)),
            (format!("00-{ID}-00f067aa0ba902b7-00"), Some(false)),
            (format!("00-{ID}-00f067aa0ba902b7-03"), Some(true)),
            (format!("cc-{ID}-00f067aa0ba902b7-01"), Some(true)),
            (format!("cc-{ID}-00f067aa0ba902b7-01-what-will-come"), Some(true)),
            (format!("00-{ID}-00f067aa0ba902b7-01-what"), None),
            (format!("00-{ID}-00f067aa0ba902b7-01-"), None),
            (format!("ff-{ID}-00f067aa0ba902b7-01"), None),
            (format!("00-{}-00f067aa0ba902b7-01", "0".repeat(32)), None),
            (format!("00-{ID}-0000000000000000-01"), None),
            (format!("00-{}-00f067aa0ba902b7-01", ID.to_uppercase()), None),
            (format!("00-{ID}-00f067aa0ba902b-01"), None),
            (format!("00-{ID}-00f067aa0ba902b7-1"), None),
            (format!("00-{ID}-00f067aa0ba902b7"), None),
            (format!(" 00-{ID}-00f067aa0ba902b7-01"), None),
            (ID.to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(text.parse().map(|trace: Trace| trace.sampled).ok(), sampled, "{text}");
        }
    }

    #[test]
    fn each_part_has_a_number_of_its_own_in_the_same_trace() {
        let trace: Trace = format!("cc-{ID}-00f067aa0ba902b7-ff-x").parse().expect("a trace");
        let (one, two) = (trace.part(), trace.part());
        assert_ne!(one, two);
        for part in [one, two] {
            assert!(part.starts_with(&format!("00-{ID}-")) && part.ends_with("-01"), "{part}");
            assert_eq!(part.parse(), Ok(trace.clone()));
        }
    }
}

//! `--shard I/N`: which machine takes an identity, so that several machines share one list.
//!
//! The identity itself decides, and not its place: lists that differ a little, or that are sorted in another way, give an
//! identity to the same machine. The hash is SHA-256, which is the same on every machine, in every version and in every other
//! program: `printf %s IDENTITY | sha256sum`, of whose first sixteen digits the remainder counts.

use std::fmt;

use super::journal::print;

/// A part of the identities.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shard {
    /// From 1.
    index: u64,
    count: u64,
}

impl Shard {
    /// Reads `I/N`.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let numbers = text.split_once('/').and_then(|(index, count)| {
            let (index, count) = (index.trim().parse().ok()?, count.trim().parse().ok()?);
            (1..=count).contains(&index).then_some(Self { index, count })
        });
        numbers.ok_or_else(|| "it is no part of several, such as 1/8: the first of eight is 1".to_owned())
    }

    /// Whether the identity belongs to this part. As for Exchange, large and small letters are alike.
    pub(super) fn holds(self, identity: &str) -> bool {
        let print = u128::from_be_bytes(print(&identity.to_ascii_lowercase()));
        // The first eight of its sixteen bytes.
        (print >> 64) % u128::from(self.count) == u128::from(self.index - 1)
    }
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shard(text: &str) -> Shard {
        Shard::parse(text).expect("a shard")
    }

    #[test]
    fn a_part_of_none_and_one_beyond_the_last_are_mistakes() {
        for text in ["", "1", "/", "0/4", "5/4", "1/0", "-1/4", "1/4/2", "a/b", "1.5/4"] {
            assert!(Shard::parse(text).is_err(), "{text}");
        }
        assert_eq!(shard("4/4").to_string(), "4/4");
        assert!(shard("1/1").holds("anybody"));
    }

    #[test]
    fn every_identity_belongs_to_exactly_one_part_and_the_parts_are_alike() {
        let mut counts = [0; 8];
        for number in 0..8000 {
            let identity = format!("user{number}@contoso.com");
            let holding: Vec<usize> =
                (0..8).filter(|index| shard(&format!("{}/8", index + 1)).holds(&identity)).collect();
            assert_eq!(holding.len(), 1, "{identity}");
            counts[holding[0]] += 1;
        }
        assert!(counts.iter().all(|count| (850..1150).contains(count)), "{counts:?}");
    }

    /// What `printf %s adele.vance@contoso.com | sha256sum` begins with, by hand: a machine with another version of this
    /// program must not take what this one takes.
    #[test]
    fn the_hash_is_the_same_for_ever() {
        let first: u64 = 0x76c2_08b5_e213_24e9;
        for count in [2, 3, 7, 100] {
            let index = first % count + 1;
            assert!(shard(&format!("{index}/{count}")).holds("adele.vance@contoso.com"), "{index}/{count}");
            assert!(shard(&format!("{index}/{count}")).holds("Adele.Vance@CONTOSO.com"), "{index}/{count}");
        }
    }
}

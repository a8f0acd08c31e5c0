//! Faults that strike by chance, and the same ones at every start.

use std::sync::atomic::{AtomicU64, Ordering};

use super::script::{Fault, Place};

/// How often something goes wrong in a place, and what.
pub(crate) struct Odds {
    pub(crate) place: Place,
    /// Of a thousand requests.
    pub(crate) of_a_thousand: u64,
    pub(crate) faults: &'static [Fault],
}

/// Draws for each place in turn, so that what strikes depends on the seed and on how many requests came there before, and on
/// nothing else.
pub(crate) struct Lottery {
    seed: u64,
    drawn: Vec<(&'static Odds, AtomicU64)>,
}

impl Lottery {
    pub(crate) fn new(odds: &'static [Odds], seed: u64) -> Self {
        Self { seed, drawn: odds.iter().map(|odds| (odds, AtomicU64::new(0))).collect() }
    }

    pub(crate) fn draw(&self, place: Place) -> Option<Fault> {
        let index = self.drawn.iter().position(|(odds, _)| odds.place == place)?;
        let (odds, drawn) = &self.drawn[index];
        let turn = drawn.fetch_add(1, Ordering::Relaxed);
        let number = scrambled(self.seed ^ scrambled(index as u64) ^ turn);
        let chosen = usize::try_from((number / 1000) % odds.faults.len() as u64).ok()?;
        (number % 1000 < odds.of_a_thousand).then(|| odds.faults[chosen])
    }
}

/// A number in which nothing of the order of its causes is left: the step of `SplitMix64`.
fn scrambled(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    static ODDS: [Odds; 2] = [
        Odds { place: Place::Imds, of_a_thousand: 50, faults: &[Fault::Busy, Fault::Reset, Fault::Page] },
        Odds { place: Place::Door, of_a_thousand: 50, faults: &[Fault::Overloaded] },
    ];

    fn drawn(seed: u64, place: Place) -> Vec<Option<Fault>> {
        let lottery = Lottery::new(&ODDS, seed);
        (0..10_000).map(|_| lottery.draw(place)).collect()
    }

    #[test]
    fn the_same_seed_draws_the_same_and_another_does_not() {
        assert_eq!(drawn(7, Place::Imds), drawn(7, Place::Imds));
        assert_ne!(drawn(7, Place::Imds), drawn(8, Place::Imds));
        let struck = |place| drawn(7, place).iter().map(Option::is_some).collect::<Vec<_>>();
        assert_ne!(struck(Place::Imds), struck(Place::Door), "each place has its own draws");
    }

    #[test]
    fn as_many_strike_as_the_odds_say_and_every_fault_does() {
        for seed in 0..5 {
            let drawn = drawn(seed, Place::Imds);
            let count = |fault| drawn.iter().filter(|drawn| **drawn == Some(fault)).count();
            for fault in [Fault::Busy, Fault::Reset, Fault::Page] {
                assert!((120..220).contains(&count(fault)), "{fault:?}: {}", count(fault));
            }
            assert_eq!(Lottery::new(&ODDS, seed).draw(Place::Token), None);
        }
    }
}

//! Requests that are under way, and those whose answers wait for their turn.
//!
//! Answers come in any order, and are delivered in that of the requests unless it does not matter. What may be kept for
//! that is bounded: where the first is slow, so many others are begun and no more, however long the list is.

use std::collections::BTreeMap;
use std::pin::Pin;

use futures_util::StreamExt;
use futures_util::stream::FuturesUnordered;

/// For each that may be under way there are so many begun: one that is being answered, and others that wait for their
/// turn behind a slow one.
const AHEAD: usize = 3;

type Work<'f, T> = Pin<Box<dyn Future<Output = (usize, T)> + 'f>>;

/// What is under way, and what has landed.
pub(super) struct Flight<'f, T> {
    under_way: FuturesUnordered<Work<'f, T>>,
    landed: BTreeMap<usize, T>,
    /// The number of the next one to be begun.
    begun: usize,
    /// The number of the next one whose turn it is; `None` where the order does not matter.
    turn: Option<usize>,
    most: usize,
}

impl<'f, T> Flight<'f, T> {
    /// For so many under way at once.
    pub(super) fn new(at_once: usize, ordered: bool) -> Self {
        // What goes one by one begins when the one before it is delivered.
        let most = if at_once == 1 { 1 } else { at_once * AHEAD };
        let turn = ordered.then_some(0);
        Self { under_way: FuturesUnordered::new(), landed: BTreeMap::new(), begun: 0, turn, most }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.count() == 0
    }

    /// Whether one more may be begun.
    pub(super) fn has_room(&self) -> bool {
        self.count() < self.most
    }

    fn count(&self) -> usize {
        self.under_way.len() + self.landed.len()
    }

    /// Begins one more. It goes on whenever this is waited on.
    pub(super) fn begin(&mut self, work: impl Future<Output = T> + 'f) {
        let number = self.begun;
        self.begun += 1;
        self.under_way.push(Box::pin(async move { (number, work.await) }));
    }

    /// The next one whose turn it is. Nothing is lost where the wait for it is given up.
    pub(super) async fn next(&mut self) -> T {
        loop {
            if let Some(landed) = self.take() {
                return landed;
            }
            self.land().await;
        }
    }

    fn take(&mut self) -> Option<T> {
        let number = match self.turn {
            Some(turn) => turn,
            None => *self.landed.first_key_value()?.0,
        };
        let landed = self.landed.remove(&number)?;
        self.turn = self.turn.map(|turn| turn + 1);
        Some(landed)
    }

    /// Waits until one more has landed; for ever where nothing is under way.
    async fn land(&mut self) {
        match self.under_way.next().await {
            Some((number, landed)) => {
                self.landed.insert(number, landed);
            }
            None => std::future::pending().await,
        }
    }

    /// Does something else, while all that is under way goes on.
    pub(super) async fn beside<O>(&mut self, work: impl Future<Output = O>) -> O {
        let mut work = std::pin::pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                () = self.land() => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::oneshot;

    use super::*;

    /// Four that land when they are told to.
    fn four<'f>(ordered: bool) -> (Flight<'f, usize>, Vec<oneshot::Sender<usize>>) {
        let mut flight = Flight::new(4, ordered);
        let land = (0..4).map(|_| {
            let (land, landed) = oneshot::channel();
            flight.begin(async move { landed.await.expect("it lands") });
            land
        });
        let land = land.collect();
        (flight, land)
    }

    #[tokio::test]
    async fn the_order_of_the_requests_is_kept_unless_it_does_not_matter() {
        for (ordered, expected) in [(true, [0, 1, 2, 3]), (false, [3, 0, 1, 2])] {
            let (mut flight, mut land) = four(ordered);
            land.pop().expect("the last").send(3).expect("it is waited for");
            flight.beside(tokio::task::yield_now()).await;
            for (number, land) in land.into_iter().enumerate() {
                land.send(number).expect("it is waited for");
            }
            let mut came = Vec::new();
            while !flight.is_empty() {
                came.push(flight.next().await);
            }
            assert_eq!(came, expected, "ordered: {ordered}");
        }
    }

    #[tokio::test]
    async fn so_many_are_begun_behind_a_slow_one_and_no_more() {
        let mut flight = Flight::new(4, true);
        flight.begin(std::future::pending());
        while flight.has_room() {
            flight.begin(std::future::ready(()));
        }
        flight.beside(tokio::task::yield_now()).await;
        assert_eq!((flight.count(), flight.has_room()), (12, false));
        assert!(flight.take().is_none(), "the first has not landed");
    }

    #[tokio::test]
    async fn what_goes_one_by_one_begins_when_the_one_before_has_been_taken() {
        let mut flight = Flight::new(1, true);
        flight.begin(std::future::ready(()));
        assert!(!flight.has_room());
        flight.next().await;
        assert!(flight.has_room());
    }

    #[tokio::test]
    async fn what_is_under_way_goes_on_beside_other_work_and_is_not_lost_with_a_wait() {
        let (mut flight, land) = four(true);
        for (number, land) in land.into_iter().enumerate() {
            land.send(number).expect("it is waited for");
        }
        let given_up =
            tokio::select! { biased; _ = flight.next() => false, () = std::future::ready(()) => true };
        assert!(!given_up);
        flight
            .beside(async {
                for _ in 0..4 {
                    tokio::task::yield_now().await;
                }
            })
            .await;
        assert_eq!((flight.under_way.len(), flight.landed.len()), (0, 3));
        assert_eq!(flight.next().await, 1);
    }
}

//! How long what is ready for a trip to the database waits for others to come along.

use std::time::Duration;

use tokio::time::Instant;

/// How many turns of the event loop in which nobody comes are enough to set out, after a trip of several: those who
/// were just answered are on their way back.
const PATIENCE: usize = 3;

/// After how long no further turn begins, should the trip before have taken longer: the database may have halted
/// meanwhile.
const LONGEST: Duration = Duration::from_millis(10);

/// Who came along on the trip before, and how long it took.
#[derive(Debug, Default)]
pub(super) struct Company {
    size: usize,
    took: Duration,
}

impl Company {
    /// Lets those who are about to ask do so: until no more come, `most` are `waiting`, or as much time went as the
    /// trip before took. Does not idle: a turn takes as long as this thread has other work.
    pub(super) async fn gather(&self, most: usize, waiting: impl Fn() -> usize) {
        self.gather_until(Instant::now() + self.longest(), most, waiting).await;
    }

    fn longest(&self) -> Duration {
        self.took.min(LONGEST)
    }

    async fn gather_until(&self, until: Instant, most: usize, waiting: impl Fn() -> usize) {
        let patience = if self.size > 1 { PATIENCE } else { 1 };
        let (mut seen, mut quiet) = (waiting(), 0);
        while quiet < patience && seen < most {
            tokio::task::yield_now().await;
            let now = waiting();
            quiet = if now > seen { 0 } else { quiet + 1 };
            seen = now;
            if Instant::now() >= until {
                break;
            }
        }
    }

    /// Makes a trip of `size`.
    pub(super) async fn travel<T>(&mut self, size: usize, trip: impl Future<Output = T>) -> T {
        let start = Instant::now();
        let brought = trip.await;
        *self = Self { size, took: start.elapsed() };
        brought
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    /// The turns that are waited after a trip of `size` until `until`, and how many wait then, where so many are `coming`
    /// with each turn, and as with the last with those after it.
    async fn turns(size: usize, until: Instant, most: usize, coming: &[usize]) -> (usize, usize) {
        let (turn, waiting) = (Cell::new(0), Cell::new(1));
        let look = || {
            if turn.get() > 0 {
                waiting.set(waiting.get() + coming.get(turn.get() - 1).or(coming.last()).unwrap_or(&0));
            }
            turn.set(turn.get() + 1);
            waiting.get()
        };
        Company { size, took: Duration::ZERO }.gather_until(until, most, look).await;
        (turn.get() - 1, waiting.get())
    }

    fn later() -> Instant {
        Instant::now() + Duration::from_hours(1)
    }

    #[tokio::test]
    async fn one_who_was_alone_waits_a_turn() {
        assert_eq!(turns(0, Instant::now(), 256, &[5, 5]).await, (1, 6));
        assert_eq!(turns(1, later(), 256, &[]).await, (1, 1));
    }

    #[tokio::test]
    async fn after_company_it_waits_while_some_come() {
        assert_eq!(turns(8, later(), 256, &[]).await, (3, 1));
        assert_eq!(turns(8, later(), 256, &[0, 0, 4, 0, 3, 0]).await, (8, 8));
        assert_eq!(turns(8, later(), 256, &[0, 0, 0, 4]).await, (3, 1));
    }

    #[tokio::test]
    async fn it_waits_no_longer_than_there_is_room_or_time() {
        assert_eq!(turns(8, later(), 16, &[1]).await, (15, 16));
        assert_eq!(turns(8, Instant::now(), 256, &[1]).await, (1, 2));
        assert_eq!(Company::default().longest(), Duration::ZERO);
        assert_eq!(Company { size: 8, took: Duration::from_millis(2) }.longest(), Duration::from_millis(2));
        assert_eq!(Company { size: 8, took: Duration::from_hours(1) }.longest(), LONGEST);
    }
}

//! A question that is asked once at a time, with an end to the wait, and an answer that is kept for a moment.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Mutex;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant;

use crate::store::BoxFuture;

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Silence {
    /// It was asked so long ago, and there is none yet.
    Late(Duration),
    /// It ended without one.
    Ended,
}

/// A question to something that may be slow.
///
/// However many ask, and however slow the answer is, at most one question is under way: who comes while it is waits
/// for that one, and who comes a moment later gets the same answer again.
pub(super) struct Probe<T> {
    ask: Arc<dyn Fn() -> BoxFuture<'static, T> + Send + Sync>,
    state: Mutex<State<T>>,
}

struct State<T> {
    running: Option<Running<T>>,
    last: Option<(Instant, Result<T, Silence>)>,
}

struct Running<T> {
    since: Instant,
    task: JoinHandle<T>,
}

impl<T: Clone + Send + 'static> Probe<T> {
    pub(super) fn new(ask: impl Fn() -> BoxFuture<'static, T> + Send + Sync + 'static) -> Self {
        Self { ask: Arc::new(ask), state: Mutex::new(State { running: None, last: None }) }
    }

    /// The answer, after `within` at the latest, and at most `kept` old.
    pub(super) async fn answer(&self, within: Duration, kept: Duration) -> Result<T, Silence> {
        let arrived = Instant::now();
        let mut state = self.state.lock().await;
        // An answer that came while this one waited for its turn is as good as one of its own.
        if let Some((at, answer)) = &state.last
            && (*at > arrived || at.elapsed() < kept)
        {
            return answer.clone();
        }
        // Nobody waited for this answer any more, and it may be old.
        state.running.take_if(|running| running.task.is_finished());
        let running = state.running.get_or_insert_with(|| {
            let ask = Arc::clone(&self.ask);
            Running { since: Instant::now(), task: tokio::spawn(async move { ask().await }) }
        });
        let answer = match tokio::time::timeout(within, &mut running.task).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(_)) => Err(Silence::Ended),
            Err(_) => Err(Silence::Late(running.since.elapsed())),
        };
        if !matches!(answer, Err(Silence::Late(_))) {
            state.running = None;
        }
        state.last = Some((Instant::now(), answer.clone()));
        answer
    }
}

/// The answers of all, asked at once, in the order of the questions; those that panicked are left out.
pub(super) async fn all<T: Send + 'static>(asked: Vec<BoxFuture<'static, T>>) -> Vec<T> {
    let mut tasks = JoinSet::new();
    for (place, question) in asked.into_iter().enumerate() {
        tasks.spawn(async move { (place, question.await) });
    }
    let mut answers = Vec::with_capacity(tasks.len());
    while let Some(ended) = tasks.join_next().await {
        answers.extend(ended);
    }
    answers.sort_unstable_by_key(|(place, _)| *place);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use tokio::sync::Semaphore;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// A probe that answers with how often it was asked, once it gets a permit.
    fn held() -> (Arc<Probe<usize>>, Arc<AtomicUsize>, Arc<Semaphore>) {
        let (asked, permits) = (Arc::<AtomicUsize>::default(), Arc::new(Semaphore::new(0)));
        let shared = (Arc::clone(&asked), Arc::clone(&permits));
        let probe = Probe::new(move || {
            let (asked, permits) = shared.clone();
            let number = asked.fetch_add(1, Ordering::SeqCst) + 1;
            Box::pin(async move {
                permits.acquire().await.unwrap().forget();
                number
            })
        });
        (Arc::new(probe), asked, permits)
    }

    #[tokio::test(start_paused = true)]
    async fn many_who_ask_are_one_question() {
        let (probe, asked, permits) = held();
        let everybody: Vec<_> = (0..50)
            .map(|_| {
                let probe = Arc::clone(&probe);
                tokio::spawn(async move { probe.answer(SECOND, SECOND).await })
            })
            .collect();
        permits.add_permits(100);
        for one in everybody {
            assert_eq!(one.await.unwrap(), Ok(1));
        }
        assert_eq!(probe.answer(SECOND, SECOND).await, Ok(1), "the answer is kept");
        tokio::time::sleep(SECOND).await;
        assert_eq!(probe.answer(SECOND, SECOND).await, Ok(2), "and not for ever");
        assert_eq!(asked.load(Ordering::SeqCst), 2);
    }

    #[tokio::test(start_paused = true)]
    async fn no_second_question_while_the_first_is_open() {
        let (probe, asked, permits) = held();
        for waited in 1..=9 {
            let answer = probe.answer(SECOND, Duration::ZERO).await;
            assert_eq!(answer, Err(Silence::Late(SECOND * waited)));
        }
        let begun = Instant::now();
        let together: Vec<BoxFuture<'static, _>> = (0..50)
            .map(|_| {
                let probe = Arc::clone(&probe);
                let asked: BoxFuture<'static, _> =
                    Box::pin(async move { probe.answer(SECOND, Duration::ZERO).await });
                asked
            })
            .collect();
        assert_eq!(all(together).await, [Err(Silence::Late(SECOND * 10)); 50]);
        assert_eq!(begun.elapsed(), SECOND, "nobody waits for the others' waits");
        assert_eq!(asked.load(Ordering::SeqCst), 1);
        // What arrives when nobody waits is old by the time that somebody asks again.
        permits.add_permits(1);
        tokio::time::sleep(SECOND).await;
        permits.add_permits(1);
        assert_eq!(probe.answer(SECOND, Duration::ZERO).await, Ok(2));
    }

    #[tokio::test(start_paused = true)]
    async fn who_goes_away_leaves_no_question_behind() {
        let (probe, asked, permits) = held();
        for _ in 0..5 {
            let gone = tokio::time::timeout(SECOND / 2, probe.answer(SECOND, Duration::ZERO)).await;
            assert!(gone.is_err());
        }
        permits.add_permits(1);
        assert_eq!(probe.answer(SECOND, Duration::ZERO).await, Ok(1));
        assert_eq!(asked.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn a_panic_is_no_answer_and_the_next_question_is_asked() {
        let asked = AtomicUsize::new(0);
        let probe = Probe::new(move || {
            assert!(asked.fetch_add(1, Ordering::SeqCst) > 0, "the first one panics");
            Box::pin(async { 7 })
        });
        assert_eq!(probe.answer(SECOND, Duration::ZERO).await, Err(Silence::Ended));
        assert_eq!(probe.answer(SECOND, Duration::ZERO).await, Ok(7));
    }
}

//! All cases at once: they wait for groups to form, which takes the mock brokers seconds each time, whatever is set.

use std::collections::BTreeMap;
use std::sync::{Mutex, OnceLock};
use std::thread::JoinHandle;

/// A name, and what it runs.
pub(super) type Case = (&'static str, fn());

static RUNNING: OnceLock<Mutex<BTreeMap<&'static str, JoinHandle<()>>>> = OnceLock::new();

/// Begins all of these, once, and waits for the end of one.
pub(super) fn ended(cases: &[Case], name: &str) {
    let begin = |(name, case): &Case| {
        let thread = std::thread::Builder::new().name((*name).to_owned());
        (*name, thread.spawn(*case).unwrap())
    };
    let running = RUNNING.get_or_init(|| Mutex::new(cases.iter().map(begin).collect()));
    let case = running.lock().unwrap().remove(name).expect("a case has one test");
    if let Err(panic) = case.join() {
        // Whatever the thread has printed belongs to the test that began it.
        let text = panic.downcast_ref::<String>().map(String::as_str);
        panic!("{}", text.or_else(|| panic.downcast_ref::<&str>().copied()).unwrap_or("it panicked"));
    }
}

/// Runs a case in a runtime of its own. Some of them block a thread.
pub(super) fn block_on(case: impl Future<Output = ()>) {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).enable_all().build();
    runtime.unwrap().block_on(case);
}

//! F10: an event that its broker would refuse for its size is refused with the command that would emit it.

use std::sync::Arc;

use cohesive::Invalid;
use cohesive::envelope::{Envelope, SOURCE_LENGTH};
use cohesive::node::{Node, NodeOptions, Outcome, Request};
use cohesive::port::Ports;
use cohesive::store::memory::MemoryStore;

use crate::support::{StoppedClock, accept, freight, id, messages, offer};

/// At the bound, one byte above and one below, for ids whose characters take one byte or nine on their way.
#[tokio::test]
async fn f10_a_message_at_the_bound_passes_and_one_above_it_is_refused() {
    for tender in ["T-1", "\u{e9}\u{1f600} %\"", &"x".repeat(200)] {
        let measured = node(usize::MAX);
        measured.create(offer(tender), Request::default()).await.unwrap().committed().unwrap();
        let request = || Request { correlation: Some("load-1".parse().unwrap()), ..Request::default() };
        let outcome = measured.update(&id(tender), accept("P-1"), request()).await.unwrap();
        assert!(outcome.committed().is_some());
        let stored = messages(&measured, tender).await;
        // What the longest permitted source makes of it: no relay sends more.
        let size = Envelope::of(&stored[0], &"~".repeat(SOURCE_LENGTH)).size();
        assert!(Envelope::of(&stored[0], "/freight").size() < size);
        for (bound, passes) in [(size + 1, true), (size, true), (size - 1, false), (1, false)] {
            let node = node(bound);
            node.create(offer(tender), Request::default()).await.unwrap().committed().unwrap();
            let outcome = node.update(&id(tender), accept("P-1"), request()).await.unwrap();
            assert_eq!(outcome.committed().is_some(), passes, "{bound} of {size}: {outcome:?}");
            if !passes {
                let Outcome::Invalid(Invalid::Output { field, .. }) = &outcome else { panic!("{outcome:?}") };
                assert_eq!(*field, "TenderAccepted");
                assert_eq!(outcome.reply(tender).status, 422);
                assert_eq!(messages(&node, tender).await, [], "nothing reaches the outbox");
            }
        }
    }
}

fn node(max_message: usize) -> Node {
    let options = NodeOptions { max_message, ..NodeOptions::default() };
    // An instant takes as many bytes as it has digits.
    let ports = Ports { clock: StoppedClock::at("2026-03-01T10:00:00.123456Z"), ..Ports::system() };
    Node::start(freight(), Arc::new(MemoryStore::new()), ports, options)
}

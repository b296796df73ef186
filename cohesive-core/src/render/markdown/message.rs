//! Events and effect requests.

use super::{Page, code, codes, ty, types};
use crate::model::{Entity, Message, Policy, Role, Type};

/// What leaves an entity.
pub(super) fn messages(page: &mut Page, entity: &Entity) {
    if entity.messages.is_empty() {
        return;
    }
    page.heading(2, "Messages");
    for message in entity.messages {
        page.heading(3, &code(message.name));
        page.block(message.docs);
        page.block(&role(entity, message));
        types::members(page, message.members);
        page.allowances(&[message.allowances]);
    }
}

/// The transitions that may produce a message.
pub(super) fn producers(entity: &Entity, message: &Message) -> Vec<&'static str> {
    let produces = entity.transitions.iter().filter(|transition| match message.role {
        Role::Event => transition.emits.contains(&message.name),
        Role::Request { .. } => transition.requests.contains(&message.name),
    });
    produces.map(|transition| transition.name).collect()
}

fn role(entity: &Entity, message: &Message) -> String {
    let producers = codes(producers(entity, message), ", ");
    match &message.role {
        Role::Event => format!("An event, emitted by {producers}."),
        Role::Request { reply, policy } => {
            format!("An effect, requested by {producers}. {}", policy_words(reply.as_ref(), policy))
        }
    }
}

/// How an effect is performed, in sentences.
pub(super) fn policy_words(reply: Option<&Type>, policy: &Policy) -> String {
    let mut words = match reply {
        Some(reply) => format!("The answer is {}.", ty(reply)),
        None => "There is nothing to answer but \"done\".".to_owned(),
    };
    let mut say = |text: String| {
        words.push(' ');
        words.push_str(&text);
    };
    if let Some(timeout) = policy.timeout {
        say(format!("One attempt may take {}.", time(timeout)));
    }
    match policy.attempts {
        Some(1) => say("It is tried once.".to_owned()),
        Some(attempts) => say(format!("It is tried at most {attempts} times.")),
        None => {}
    }
    if let Some(then) = policy.then {
        say(format!("The answer goes to {}.", code(then)));
    }
    if let Some(otherwise) = policy.otherwise {
        say(format!("A final failure goes to {}.", code(otherwise)));
    }
    if policy.irreversible {
        say("Nothing can take it back.".to_owned());
    }
    words
}

fn time(milliseconds: u64) -> String {
    if milliseconds.is_multiple_of(1000) {
        format!("{} s", milliseconds / 1000)
    } else {
        format!("{milliseconds} ms")
    }
}

#[cfg(test)]
mod tests {
    use super::policy_words;
    use crate::model::{Policy, Type};

    #[test]
    fn a_policy_says_what_is_declared_and_nothing_else() {
        assert_eq!(policy_words(None, &Policy::UNDECLARED), "There is nothing to answer but \"done\".");
        let policy = Policy {
            timeout: Some(1500),
            attempts: Some(1),
            then: Some("Order::settle"),
            otherwise: Some("Order::hold"),
            irreversible: true,
        };
        assert_eq!(
            policy_words(Some(&Type::Text), &policy),
            "The answer is text. One attempt may take 1500 ms. It is tried once. The answer goes to \
             `Order::settle`. A final failure goes to `Order::hold`. Nothing can take it back."
        );
        let policy = Policy { timeout: Some(30_000), attempts: Some(5), ..Policy::UNDECLARED };
        let words = policy_words(None, &policy);
        assert!(words.ends_with("One attempt may take 30 s. It is tried at most 5 times."), "{words}");
    }
}

//! What an operator types.

mod actions;
mod again;
mod arguments;
mod deliveries;
mod exit;
mod help;
mod messages;
mod show;

use std::ffi::OsString;
use std::io::Write;
use std::sync::Arc;

use serde_json::{Value as Json, json};

pub use exit::Exit;

use crate::node::{Node, System};
use crate::port::{Clock, SystemClock};
use crate::store::inbox::StoredDelivery;
use crate::store::outbox::Stream;
use crate::store::{BoxFuture, StoreError, Substrate};
use actions::{AREAS, Area, Verb};
use arguments::{Asked, Mistake, Order, understand};
use deliveries::Deliveries;
use messages::Messages;

/// The subcommands that every application has: `outbox …`, `effects …`, `parked …`, `inbox …`.
///
/// An application hands over the arguments that begin with one of those words, and ends with the answer:
///
/// ```no_run
/// # use std::sync::Arc;
/// # use std::process::ExitCode;
/// # use cohesive_bindings::node::{Node, NodeOptions, System};
/// # use cohesive_bindings::{operate::Operations, port::Ports, store::Substrate};
/// # async fn run(system: System, store: Arc<dyn Substrate>) -> ExitCode {
/// let arguments: Vec<String> = std::env::args().skip(1).collect();
/// if arguments.first().is_some_and(|word| Operations::has(word)) {
///     let node = Node::start(system.clone(), store.clone(), Ports::system(), NodeOptions::default());
///     let operations = Operations::new(&system, store).applied_by(&node);
///     return operations.run(arguments, &mut std::io::stdout(), &mut std::io::stderr()).await.into();
/// }
/// # ExitCode::SUCCESS
/// # }
/// ```
///
/// It works beside the running application where the store does: what it changes, a relay finds at its next poll.
///
/// With `--json` an answer is one JSON document on one line, for every action: lists are `{"items":[…],"more":false}`, changes
/// are `{"items":[…],"missing":[…],"failed":[…]}`, and the rest are objects of numbers. Members may be added, and keep
/// their meaning. Whatever went wrong is told in words to the other writer.
pub struct Operations {
    system: System,
    store: Arc<dyn Substrate>,
    clock: Arc<dyn Clock>,
    redeliver: Option<Box<Redeliver>>,
}

type Redeliver = dyn Fn(StoredDelivery) -> BoxFuture<'static, Result<(), String>> + Send + Sync;

/// What became of an order.
struct Answer {
    /// For people.
    text: String,
    /// For programs.
    document: Json,
    /// What went wrong, in words.
    complaints: Vec<String>,
    exit: Exit,
}

impl Answer {
    fn done(text: impl Into<String>, document: Json) -> Self {
        Self { text: text.into(), document, complaints: Vec::new(), exit: Exit::Done }
    }

    fn missing(what: &str, number: u64) -> Self {
        Self {
            text: String::new(),
            document: json!({ "items": [], "missing": [number], "failed": [] }),
            complaints: vec![format!("{number}: no {what} is parked by this number")],
            exit: Exit::Nothing,
        }
    }
}

/// What became of several things, one by one.
#[derive(Default)]
struct Changes {
    lines: Vec<String>,
    items: Vec<Json>,
    missing: Vec<u64>,
    failed: Vec<Json>,
    complaints: Vec<String>,
    broken: bool,
}

impl Changes {
    fn missing(&mut self, what: &str, number: u64) {
        self.missing.push(number);
        self.complaints.push(format!("{number}: no {what} is parked by this number"));
    }

    /// The thing with this number is as it was.
    fn failed(&mut self, number: u64, reason: &str) {
        let reason = show::plain(reason);
        self.complaints.push(format!("{number}: {reason}"));
        self.failed.push(json!({ "number": number, "reason": reason }));
    }

    /// The store failed; what comes after is not tried.
    fn broken(&mut self, error: &StoreError) {
        self.broken = true;
        self.complaints.push(show::plain(&error.to_string()));
    }

    fn answer(self) -> Answer {
        let exit = match () {
            () if self.broken => Exit::Failed,
            () if !self.failed.is_empty() => Exit::Unsuccessful,
            () if !self.missing.is_empty() => Exit::Nothing,
            () => Exit::Done,
        };
        let document = json!({ "items": self.items, "missing": self.missing, "failed": self.failed });
        let nothing = self.items.is_empty() && self.complaints.is_empty();
        let text = if nothing { "nothing is parked\n".to_owned() } else { self.lines.concat() };
        Answer { text, document, complaints: self.complaints, exit }
    }
}

impl Operations {
    /// The subcommands of a system on this store.
    #[must_use]
    pub fn new(system: &System, store: Arc<dyn Substrate>) -> Self {
        Self { system: system.clone(), store, clock: Arc::new(SystemClock), redeliver: None }
    }

    /// The same with another clock; it is what ages go by, and what is over.
    #[must_use]
    pub fn on_clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// The same with a node of the system on this store, which applies parked deliveries again for `parked retry`: each by
    /// the transition that it was parked for, unless its inbox knows that it was applied.
    #[must_use]
    pub fn applied_by(self, node: &Node) -> Self {
        let node = node.clone();
        self.redeliver(move |stored| {
            let node = node.clone();
            async move { again::apply(&node, stored).await }
        })
    }

    /// The same with another way to handle a parked delivery again, for `parked retry`. `Ok` means that it was applied, or
    /// had been before; only then it is removed. An error is told to the operator, and the delivery stays.
    #[must_use]
    pub fn redeliver<F>(self, again: impl Fn(StoredDelivery) -> F + Send + Sync + 'static) -> Self
    where
        F: Future<Output = Result<(), String>> + Send + 'static,
    {
        Self { redeliver: Some(Box::new(move |delivery| Box::pin(again(delivery)))), ..self }
    }

    /// Whether arguments that begin with this word are meant for [`Operations::run`].
    #[must_use]
    pub fn has(word: &str) -> bool {
        AREAS.iter().any(|area| area.name() == word)
    }

    /// Does what was typed. What was found and done goes to `out`, what went wrong to `err`.
    pub async fn run(
        &self,
        arguments: impl IntoIterator<Item = impl Into<OsString>>,
        out: &mut (dyn Write + Send),
        err: &mut (dyn Write + Send),
    ) -> Exit {
        let arguments: Vec<OsString> = arguments.into_iter().map(Into::into).collect();
        let (said, complained, exit) = match understand(arguments) {
            Err(mistake) => (String::new(), complaint(&mistake), Exit::Usage),
            Ok(Asked::Help(area)) => (help::overview(area), String::new(), Exit::Done),
            Ok(Asked::HelpWith(action)) => (help::action(action), String::new(), Exit::Done),
            Ok(Asked::Do(order)) => {
                let answer = self.perform(&order).await.unwrap_or_else(|error| Answer {
                    text: String::new(),
                    document: Json::Null,
                    complaints: vec![show::plain(&error.to_string())],
                    exit: Exit::Failed,
                });
                let said = match answer.document {
                    Json::Null => String::new(),
                    document if order.json => format!("{document}\n"),
                    _ => answer.text,
                };
                let complaints = answer.complaints.iter().map(|complaint| format!("error: {complaint}\n"));
                (said, complaints.collect::<Vec<_>>().concat(), answer.exit)
            }
        };
        let told = write(out, &said).and(write(err, &complained));
        if told.is_ok() { exit } else { Exit::Failed }
    }

    async fn perform(&self, order: &Order) -> Result<Answer, StoreError> {
        let deliveries = Deliveries(self);
        let messages = match order.action.area {
            Area::Outbox => Messages { operations: self, stream: Stream::Events },
            Area::Effects => Messages { operations: self, stream: Stream::Requests },
            Area::Parked => return deliveries.perform(order).await,
            Area::Inbox => return deliveries.remembered(order.action.verb == Verb::Prune).await,
        };
        messages.perform(order).await
    }
}

/// A mistake in what was typed, and what would have been right.
fn complaint(mistake: &Mistake) -> String {
    let what = show::plain(&mistake.what);
    let help = mistake.help.as_ref().map(|help| format!("help: {help}\n")).unwrap_or_default();
    let usage = match mistake.about {
        (_, Some(action)) => help::usage(action) + "\n",
        (area, None) => help::overview(area),
    };
    format!("error: {what}\n{help}\n{usage}")
}

fn write(writer: &mut (dyn Write + Send), text: &str) -> std::io::Result<()> {
    writer.write_all(text.as_bytes())?;
    writer.flush()
}

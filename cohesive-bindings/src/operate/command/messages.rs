//! Messages that are owed: events to be published, requests to be performed.

use std::collections::BTreeSet;
use std::time::Duration;

use cohesive_core::value::Timestamp;
use serde_json::{Value as Json, json};

use super::actions::Verb;
use super::arguments::Order;
use super::show::{count, listed, numbers, plain, span, table, text, when};
use super::{Answer, Changes, Operations};
use crate::store::outbox::{ParkedMessage, Stream};
use crate::store::{OutboxQuery, StoreError, StoredMessage};

/// How many parked messages are read in one go, to begin with.
const PAGE: usize = 256;
/// How many of an entity's messages are looked at for what follows.
const FOLLOWERS: usize = 1000;
/// How many messages are removed in one transaction.
const PRUNE: usize = 1000;

pub(super) struct Messages<'a> {
    pub(super) operations: &'a Operations,
    pub(super) stream: Stream,
}

/// The messages of an entity that wait behind one of them.
struct Followers {
    next: Option<StoredMessage>,
    number: u64,
    /// Whether there may be more.
    more: bool,
}

impl Messages<'_> {
    const fn what(&self) -> &'static str {
        match self.stream {
            Stream::Events => "event",
            Stream::Requests => "request",
        }
    }

    pub(super) async fn perform(&self, order: &Order) -> Result<Answer, StoreError> {
        match order.action.verb {
            Verb::Status => self.status().await,
            Verb::Show => self.show(order.numbers.first().copied().unwrap_or_default()).await,
            Verb::Retry => Ok(self.change(order, false).await.answer()),
            Verb::Drop => Ok(self.change(order, true).await.answer()),
            Verb::Republish => self.republish(order.since.unwrap_or(Timestamp::MAX)).await,
            Verb::Prune => self.prune(order.older_than.unwrap_or(Duration::MAX)).await,
            Verb::List | Verb::Inputs => self.list(order.limit).await,
        }
    }

    async fn status(&self) -> Result<Answer, StoreError> {
        let stats = self.operations.store.outbox_stats(self.stream).await?;
        let claimed: u64 = stats.claimed.iter().map(|(_, count)| count).sum();
        let (one, many) = (self.what(), format!("{}s", self.what()));
        let oldest = stats.oldest.map(|oldest| format!(", the first for {}", span(oldest.as_secs())));
        let said = format!(
            "{} pending{}; {claimed} of them claimed\n{} for another attempt, {} for an operator\n",
            count(stats.pending, one, &many),
            oldest.unwrap_or_default(),
            count(stats.waiting, "entity waits", "entities wait"),
            count(stats.parked, "entity waits", "entities wait"),
        );
        let document = json!({
            "pending": stats.pending,
            "oldest_seconds": stats.oldest.map(|oldest| oldest.as_secs_f64()),
            "waiting": stats.waiting,
            "parked": stats.parked,
            "claimed": claimed,
        });
        Ok(Answer::done(said, document))
    }

    async fn list(&self, limit: usize) -> Result<Answer, StoreError> {
        let mut found = self.operations.store.parked_messages(self.stream, limit + 1).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let document = json!({ "items": found.iter().map(document).collect::<Vec<_>>(), "more": more });
        if found.is_empty() {
            return Ok(Answer::done("nothing is parked\n", document));
        }
        let now = self.operations.clock.now();
        let columns = [
            numbers("number"),
            text("entity", 40),
            text("version", 12),
            text(self.what(), 32),
            numbers("tried"),
            text("parked at", 40),
            text("error", 100),
        ];
        let row = |message: &ParkedMessage| {
            [
                message.position.to_string(),
                format!("{} {}", message.entity, message.entity_id),
                format!("{}.{}", message.version, message.ordinal),
                message.name.clone(),
                message.attempts.to_string(),
                when(message.parked_at, now),
                message.error.clone(),
            ]
        };
        let rows: Vec<_> = found.iter().map(row).collect();
        let said = listed(table(&columns, &rows), more, limit);
        Ok(Answer::done(said, document))
    }

    async fn show(&self, number: u64) -> Result<Answer, StoreError> {
        let Some(message) = self.find(number).await? else {
            return Ok(Answer::missing(self.what(), number));
        };
        let followers = self.followers(&message).await;
        let mut item = document(&message);
        item["payload"] =
            serde_json::from_str(&message.payload).unwrap_or_else(|_| Json::String(message.payload.clone()));
        item["followers"] = followers.as_ref().map_or(Json::Null, |followers| json!(followers.number));
        let said = format!(
            "number     {}\nid         {}\nentity     {} {}\nversion    {}.{}\n{:<10} {}\ntried      {}\n\
             parked at  {}\nerror      {}\nbehind it  {}\npayload    {}\n",
            message.position,
            message.id,
            plain(&message.entity),
            plain(&message.entity_id),
            message.version,
            message.ordinal,
            self.what(),
            plain(&message.name),
            message.attempts,
            when(message.parked_at, self.operations.clock.now()),
            plain(&message.error),
            self.behind(followers.as_ref()),
            plain(&message.payload),
        );
        Ok(Answer::done(said, item))
    }

    /// Retries or drops what was named, one after the other.
    async fn change(&self, order: &Order, drop: bool) -> Changes {
        let mut changes = Changes::default();
        let mut done = BTreeSet::new();
        let result = if order.all {
            self.change_all(drop, &mut done, &mut changes).await
        } else {
            self.change_each(&order.numbers, drop, &mut done, &mut changes).await
        };
        if let Err(error) = result {
            changes.broken(&error);
        }
        changes
    }

    async fn change_each(
        &self,
        numbers: &[u64],
        drop: bool,
        done: &mut BTreeSet<u64>,
        changes: &mut Changes,
    ) -> Result<(), StoreError> {
        for number in numbers.iter().copied().filter(|number| done.insert(*number)) {
            match self.find(number).await? {
                Some(message) => self.change_one(&message, drop, changes).await?,
                None => changes.missing(self.what(), number),
            }
        }
        Ok(())
    }

    /// Everything that is parked, each message once: what is parked again meanwhile is not tried again.
    async fn change_all(
        &self,
        drop: bool,
        done: &mut BTreeSet<u64>,
        changes: &mut Changes,
    ) -> Result<(), StoreError> {
        loop {
            let found = self.operations.store.parked_messages(self.stream, done.len() + PAGE).await?;
            let before = done.len();
            for message in found {
                if done.insert(message.position) {
                    self.change_one(&message, drop, changes).await?;
                }
            }
            if done.len() == before {
                return Ok(());
            }
        }
    }

    async fn change_one(
        &self,
        message: &ParkedMessage,
        drop: bool,
        changes: &mut Changes,
    ) -> Result<(), StoreError> {
        let (store, number) = (&self.operations.store, message.position);
        let followers = self.followers(message).await;
        let was_parked =
            if drop { store.drop_parked(number).await? } else { store.retry_parked(number).await? };
        if !was_parked {
            // Somebody else was faster.
            changes.missing(self.what(), number);
            return Ok(());
        }
        let fate = if drop { "is given up" } else { "is tried again" };
        changes.lines.push(format!(
            "{number}: {} of {} {} (version {}) {fate}; {}\n",
            plain(&message.name),
            plain(&message.entity),
            plain(&message.entity_id),
            message.version,
            self.behind(followers.as_ref()),
        ));
        let mut item = document(message);
        item["followers"] = followers.as_ref().map_or(Json::Null, |followers| json!(followers.number));
        item["next"] = followers.and_then(|followers| followers.next).map_or(
            Json::Null,
            |next| json!({ "version": next.version.number(), "ordinal": next.ordinal, "name": next.name }),
        );
        changes.items.push(item);
        Ok(())
    }

    async fn republish(&self, since: Timestamp) -> Result<Answer, StoreError> {
        let again = self.operations.store.republish(self.stream, since).await?;
        let said = format!("{} again\n", count(again, "event is published", "events are published"));
        Ok(Answer::done(said, json!({ "republished": again })))
    }

    async fn prune(&self, kept: Duration) -> Result<Answer, StoreError> {
        let mut removed = 0;
        loop {
            let some = self.operations.store.prune_published(self.stream, kept, PRUNE).await?;
            removed += some;
            if some < PRUNE as u64 {
                let said = format!("{} removed\n", count(removed, "event is", "events are"));
                return Ok(Answer::done(said, json!({ "removed": removed })));
            }
        }
    }

    /// The parked message with this number.
    async fn find(&self, number: u64) -> Result<Option<ParkedMessage>, StoreError> {
        let mut limit = PAGE;
        loop {
            let found = self.operations.store.parked_messages(self.stream, limit).await?;
            let all = found.len() < limit;
            // They are in the order of their numbers.
            let first = found.into_iter().find(|message| message.position >= number);
            if all || first.is_some() {
                return Ok(first.filter(|message| message.position == number));
            }
            limit = limit.saturating_mul(4);
        }
    }

    /// What waits behind a message in its entity. `None` when nobody can tell, because the model has no such entity or
    /// one of the messages cannot be read.
    async fn followers(&self, message: &ParkedMessage) -> Option<Followers> {
        let entities = self.operations.system.entities();
        let entity =
            entities.iter().map(|served| served.model.name()).find(|name| *name == message.entity)?;
        let (entity_id, after) = (message.entity_id.clone(), Some((message.version, message.ordinal)));
        let query = OutboxQuery { entity, entity_id, after, limit: FOLLOWERS };
        let found = self.operations.store.outbox(query).await.ok()?;
        let more = found.len() == FOLLOWERS;
        let mut waiting = found.into_iter().filter(|message| {
            message.published_at.is_none() && Stream::of_role(&message.role) == Some(self.stream)
        });
        let next = waiting.next();
        let number = u64::from(next.is_some()) + waiting.count() as u64;
        Some(Followers { next, number, more })
    }

    fn behind(&self, followers: Option<&Followers>) -> String {
        let Some(Followers { next, number, more }) = followers else {
            return "what waits behind it is not known".to_owned();
        };
        let Some(next) = next else { return "nothing waits behind it".to_owned() };
        let (one, many) = (self.what(), format!("{}s", self.what()));
        let least = if *more { "at least " } else { "" };
        let verb = if *number == 1 { "waits" } else { "wait" };
        format!(
            "{least}{} {verb} behind it, first {} (version {})",
            count(*number, one, &many),
            plain(&next.name),
            next.version
        )
    }
}

fn document(message: &ParkedMessage) -> Json {
    json!({
        "number": message.position,
        "id": message.id.to_string(),
        "entity": message.entity,
        "entity_id": message.entity_id,
        "version": message.version.number(),
        "ordinal": message.ordinal,
        "name": message.name,
        "attempts": message.attempts,
        "parked_at": message.parked_at.to_string(),
        "error": message.error,
    })
}

//! What arrived: deliveries that consumers gave up, inputs that wait for somebody, and what is remembered of the rest.

use cohesive_core::value::Bytes;
use serde_json::{Value as Json, json};

use super::actions::Verb;
use super::arguments::Order;
use super::show::{count, listed, numbers, plain, table, text, when};
use super::{Answer, Changes, Operations};
use crate::store::inbox::StoredDelivery;
use crate::store::{StoreError, StoredInput};

/// How many deliveries are read in one go.
const PAGE: usize = 256;

pub(super) struct Deliveries<'a>(pub(super) &'a Operations);

impl Deliveries<'_> {
    pub(super) async fn perform(&self, order: &Order) -> Result<Answer, StoreError> {
        match order.action.verb {
            Verb::Inputs => self.inputs(order.limit).await,
            Verb::Show => self.show(order.numbers.first().copied().unwrap_or_default()).await,
            Verb::Retry => Ok(self.change(order, false).await.answer()),
            Verb::Drop => Ok(self.change(order, true).await.answer()),
            _ => self.list(order.limit).await,
        }
    }

    async fn list(&self, limit: usize) -> Result<Answer, StoreError> {
        let mut found = self.0.store.parked_deliveries(0, limit + 1).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let document = json!({ "items": found.iter().map(document).collect::<Vec<_>>(), "more": more });
        if found.is_empty() {
            return Ok(Answer::done("nothing is parked\n", document));
        }
        let now = self.0.clock.now();
        let columns = [
            numbers("number"),
            text("consumer", 32),
            text("event", 32),
            text("key", 40),
            numbers("tried"),
            text("parked at", 40),
            text("error", 100),
        ];
        let row = |stored: &StoredDelivery| {
            let delivery = &stored.delivery;
            [
                stored.number.to_string(),
                delivery.key.consumer.clone(),
                delivery.kind.clone(),
                delivery.partition_key.clone(),
                delivery.attempts.to_string(),
                when(stored.parked_at, now),
                delivery.error.clone(),
            ]
        };
        let rows: Vec<_> = found.iter().map(row).collect();
        Ok(Answer::done(listed(table(&columns, &rows), more, limit), document))
    }

    async fn inputs(&self, limit: usize) -> Result<Answer, StoreError> {
        let mut found = self.0.store.parked_inputs(limit + 1).await?;
        let more = found.len() > limit;
        found.truncate(limit);
        let document = json!({ "items": found.iter().map(kept).collect::<Vec<_>>(), "more": more });
        if found.is_empty() {
            return Ok(Answer::done("no inputs are kept\n", document));
        }
        let now = self.0.clock.now();
        let columns = [
            numbers("number"),
            text("entity", 40),
            text("transition", 32),
            numbers("seen"),
            numbers("actual"),
            text("actor", 24),
            text("kept at", 40),
            text("input", 100),
        ];
        let row = |stored: &StoredInput| {
            let input = &stored.input;
            [
                stored.number.to_string(),
                format!("{} {}", input.entity, input.entity_id),
                input.transition.clone(),
                input.expected.to_string(),
                input.actual.to_string(),
                input.actor.clone().unwrap_or_default(),
                when(input.recorded_at, now),
                input.input.clone(),
            ]
        };
        let rows: Vec<_> = found.iter().map(row).collect();
        Ok(Answer::done(listed(table(&columns, &rows), more, limit), document))
    }

    async fn show(&self, number: u64) -> Result<Answer, StoreError> {
        let Some(stored) = self.find(number).await? else {
            return Ok(Answer::missing("delivery", number));
        };
        let delivery = &stored.delivery;
        let mut item = document(&stored);
        item["headers"] = json!(delivery.headers);
        let body = if let Ok(body) = std::str::from_utf8(&delivery.body) {
            item["body"] = json!(body);
            plain(body)
        } else {
            let base64 = serde_json::to_value(Bytes(delivery.body.clone())).unwrap_or_default();
            let body = format!("(base64) {}", base64.as_str().unwrap_or_default());
            item["body_base64"] = base64;
            body
        };
        let headers = delivery.headers.iter();
        let headers = headers.map(|(name, value)| format!("header     {}: {}\n", plain(name), plain(value)));
        let headers = headers.collect::<Vec<_>>().concat();
        let said = format!(
            "number     {}\nconsumer   {}\nsource     {}\nid         {}\nevent      {}\nkey        {}\n\
             tried      {}\nparked at  {}\nerror      {}\n{headers}body       {body}\n",
            stored.number,
            plain(&delivery.key.consumer),
            plain(&delivery.key.source),
            plain(&delivery.key.id),
            plain(&delivery.kind),
            plain(&delivery.partition_key),
            delivery.attempts,
            when(stored.parked_at, self.0.clock.now()),
            plain(&delivery.error),
        );
        Ok(Answer::done(said, item))
    }

    /// Retries or drops what was named, in the order of the numbers, which is that of arrival.
    async fn change(&self, order: &Order, drop: bool) -> Changes {
        let mut changes = Changes::default();
        let result = if order.all {
            self.change_all(drop, &mut changes).await
        } else {
            let mut numbers = order.numbers.clone();
            numbers.sort_unstable();
            numbers.dedup();
            self.change_each(&numbers, drop, &mut changes).await
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
        changes: &mut Changes,
    ) -> Result<(), StoreError> {
        for number in numbers {
            match self.find(*number).await? {
                Some(stored) => self.change_one(stored, drop, changes).await?,
                None => changes.missing("delivery", *number),
            }
        }
        Ok(())
    }

    async fn change_all(&self, drop: bool, changes: &mut Changes) -> Result<(), StoreError> {
        let mut after = 0;
        loop {
            let found = self.0.store.parked_deliveries(after, PAGE).await?;
            let Some(last) = found.last() else { return Ok(()) };
            after = last.number;
            for stored in found {
                self.change_one(stored, drop, changes).await?;
            }
        }
    }

    async fn change_one(
        &self,
        stored: StoredDelivery,
        drop: bool,
        changes: &mut Changes,
    ) -> Result<(), StoreError> {
        let number = stored.number;
        let key = (stored.delivery.key.consumer.clone(), stored.delivery.partition_key.clone());
        let together = self.0.store.parked_of(key.0, key.1).await?;
        let (before, behind): (Vec<_>, Vec<_>) = together
            .iter()
            .map(|other| other.number)
            .filter(|other| *other != number)
            .partition(|other| *other < number);
        let item = document(&stored);
        let name = format!("{} for {}", plain(&stored.delivery.kind), plain(&stored.delivery.key.consumer));
        if !drop {
            if let Some(first) = before.first() {
                changes.failed(number, &format!("{first} has the same key and comes first"));
                return Ok(());
            }
            let Some(redeliver) = &self.0.redeliver else {
                changes.failed(number, "nothing here handles deliveries");
                return Ok(());
            };
            if let Err(reason) = redeliver(stored).await {
                changes.failed(number, &reason);
                return Ok(());
            }
        }
        let removed = self.0.store.remove_delivery(number).await?;
        if !removed && drop {
            // Somebody else was faster.
            changes.missing("delivery", number);
            return Ok(());
        }
        let fate = if drop { "is given up" } else { "is handled" };
        let waiting = match behind.len() as u64 {
            0 => "nothing is parked behind it".to_owned(),
            many => format!("{} parked behind it", count(many, "delivery is", "deliveries are")),
        };
        changes.lines.push(format!("{number}: {name} {fate}; {waiting}\n"));
        let mut item = item;
        item["followers"] = json!(behind);
        changes.items.push(item);
        Ok(())
    }

    async fn find(&self, number: u64) -> Result<Option<StoredDelivery>, StoreError> {
        let Some(before) = number.checked_sub(1) else { return Ok(None) };
        let found = self.0.store.parked_deliveries(before, 1).await?;
        Ok(found.into_iter().find(|stored| stored.number == number))
    }

    /// How much is remembered; with `prune`, only after what is over was forgotten.
    pub(super) async fn remembered(&self, prune: bool) -> Result<Answer, StoreError> {
        if prune {
            let removed = self.0.store.prune_receipts(self.0.clock.now()).await?;
            let said = format!("{} forgotten\n", count(removed, "receipt is", "receipts are"));
            return Ok(Answer::done(said, json!({ "removed": removed })));
        }
        let stats = self.0.store.inbox_stats().await?;
        let said = format!(
            "{} known one by one\n{} being tried\n{} for an operator\n",
            count(stats.receipts, "message is", "messages are"),
            count(stats.attempts, "delivery is", "deliveries are"),
            count(stats.parked, "delivery waits", "deliveries wait"),
        );
        let document =
            json!({ "receipts": stats.receipts, "attempts": stats.attempts, "parked": stats.parked });
        Ok(Answer::done(said, document))
    }
}

fn document(stored: &StoredDelivery) -> Json {
    let delivery = &stored.delivery;
    json!({
        "number": stored.number,
        "consumer": delivery.key.consumer,
        "source": delivery.key.source,
        "id": delivery.key.id,
        "kind": delivery.kind,
        "key": delivery.partition_key,
        "attempts": delivery.attempts,
        "parked_at": stored.parked_at.to_string(),
        "error": delivery.error,
    })
}

fn kept(stored: &StoredInput) -> Json {
    let input = &stored.input;
    json!({
        "number": stored.number,
        "entity": input.entity,
        "entity_id": input.entity_id,
        "transition": input.transition,
        "input": serde_json::from_str(&input.input).unwrap_or_else(|_| Json::String(input.input.clone())),
        "expected": input.expected.number(),
        "actual": input.actual.number(),
        "correlation": input.correlation,
        "actor": input.actor,
        "kept_at": input.recorded_at.to_string(),
    })
}

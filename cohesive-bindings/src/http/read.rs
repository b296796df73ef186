//! Reading: one entity, a page of entities, the messages of one entity.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use cohesive_core::kernel::Version;
use cohesive_core::value::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use super::problem::{Problem, respond, set};
use super::query::Query;
use super::{Collection, headers, path};
use crate::node::{Document, Failure, Reply};
use crate::store::{ListQuery, OutboxQuery, StoredMessage};

/// An answer, or the document that stands in its place.
type Answered = Result<Response, Reply>;

/// One entity.
pub(super) async fn one(place: Arc<Collection>, request: Request) -> Response {
    settled(find(&place, &request.into_parts().0).await)
}

async fn find(place: &Collection, parts: &Parts) -> Answered {
    Query::read(parts.uri.query()).and_then(Query::finish).map_err(Problem::reply)?;
    let found = existing(place, parts).await?;
    let mut response = if headers::unchanged(&parts.headers, found.version).map_err(Problem::reply)? {
        StatusCode::NOT_MODIFIED.into_response()
    } else {
        let body = Item { id: &found.id, version: found.version, state: &found.state };
        json(&body)?
    };
    set(response.headers_mut(), header::ETAG, &headers::etag(found.version));
    Ok(response)
}

/// The entity that the path names.
async fn existing(place: &Collection, parts: &Parts) -> Result<Document, Reply> {
    let id = super::id(&parts.uri).map_err(Problem::reply)?;
    let found = place.served.reader.get(&place.api.node, &id).await.map_err(|failure| failure.reply())?;
    found.ok_or_else(|| {
        let entity = place.served.model.name();
        let problem = Problem::new("not_found", format!("there is no {entity} `{id}`"));
        problem.with("entity", entity.into()).with("id", id.into()).reply()
    })
}

#[derive(Serialize)]
struct Item<'a> {
    id: &'a str,
    version: Version,
    state: &'a serde_json::Value,
}

#[derive(Serialize)]
struct Page<T> {
    items: Vec<T>,
    /// Where the next page is; `None` on the last one, so that a page never looks complete when it is not (R37).
    next: Option<String>,
}

/// A page of entities, in the order of their ids.
pub(super) async fn list(place: Arc<Collection>, request: Request) -> Response {
    settled(page(&place, &request.into_parts().0).await)
}

async fn page(place: &Collection, parts: &Parts) -> Answered {
    let asked = asked(place, parts).map_err(Problem::reply)?;
    let limit = asked.limit - 1;
    let rows = place.api.node.store().list(asked).await.map_err(|error| Failure::Store(error).reply())?;
    let more = rows.len() > limit;
    let mut documents = Vec::with_capacity(rows.len().min(limit));
    for row in rows.into_iter().take(limit) {
        documents.push(place.served.reader.document(row).map_err(|failure| failure.reply())?);
    }
    let last = documents.last().filter(|_| more).map(|document| document.id.as_str());
    let next = last.map(|id| following(parts, id));
    let items = documents
        .iter()
        .map(|found| Item { id: &found.id, version: found.version, state: &found.state })
        .collect();
    json(&Page { items, next })
}

/// The question to the store: one row more than the page has, which tells whether there is a next page.
fn asked(place: &Collection, parts: &Parts) -> Result<ListQuery, Problem> {
    let mut query = Query::read(parts.uri.query())?;
    let mut wanted = Vec::new();
    for filter in &place.filters {
        wanted.extend(filter.take(&mut query)?);
    }
    let after = match query.take("after")? {
        None => None,
        Some(id) => Some(place.served.reader.key(&id).map_err(|flaw| {
            Problem::new("unusable_filter", format!("`after`: {flaw}")).with("parameter", "after".into())
        })?),
    };
    let limit = query.limit(&place.api.options)?.saturating_add(1);
    query.finish()?;
    Ok(ListQuery { structure: place.served.model.structure, filters: wanted, after, limit })
}

/// The address of the page after `last`: the one that was asked for, with another `after`.
fn following(parts: &Parts, last: &str) -> String {
    let uri = super::original(parts);
    let kept = uri.query().unwrap_or_default().split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        !pair.is_empty() && path::decode(name).as_deref() != Ok("after")
    });
    let mut next = format!("{}?", uri.path());
    kept.for_each(|pair| {
        next.push_str(pair);
        next.push('&');
    });
    next.push_str("after=");
    next.push_str(&path::encode(last));
    next
}

#[derive(Serialize)]
struct Message<'a> {
    id: String,
    version: Version,
    ordinal: u32,
    role: &'a str,
    name: &'a str,
    payload: &'a RawValue,
    transition: &'a str,
    correlation: &'a str,
    causation: Option<&'a str>,
    actor: Option<&'a str>,
    trace: Option<&'a str>,
    occurred_at: Option<Timestamp>,
    recorded_at: Timestamp,
    /// `None` while the message is pending.
    published_at: Option<Timestamp>,
}

/// A page of the messages of one entity, oldest first, published or not.
pub(super) async fn outbox(place: Arc<Collection>, request: Request) -> Response {
    settled(messages(&place, &request.into_parts().0).await)
}

async fn messages(place: &Collection, parts: &Parts) -> Answered {
    let (after, limit) = position(place, parts).map_err(Problem::reply)?;
    let entity_id = existing(place, parts).await?.id;
    let entity = place.served.model.name();
    let query = OutboxQuery { entity, entity_id, after, limit: limit.saturating_add(1) };
    let stored = place.api.node.outbox(query).await.map_err(|failure| failure.reply())?;
    let shown = stored.get(..limit).unwrap_or(&stored);
    let last = shown.last().filter(|_| stored.len() > limit);
    let next = last.map(|message| following(parts, &format!("{}.{}", message.version, message.ordinal)));
    let items: Result<Vec<_>, _> = shown.iter().map(message).collect();
    match items {
        Ok(items) => json(&Page { items, next }),
        Err(_) => Err(Problem::general("store_corrupt").reply()),
    }
}

/// After which message to go on, and how far.
fn position(place: &Collection, parts: &Parts) -> Result<(Option<(Version, u32)>, usize), Problem> {
    let mut query = Query::read(parts.uri.query())?;
    let after = match query.take("after")? {
        None => None,
        Some(text) => Some(ordinal(&text).ok_or_else(|| {
            let form = "`after` is a version and an ordinal, such as `5.0`";
            Problem::new("unusable_filter", form).with("parameter", "after".into())
        })?),
    };
    let limit = query.limit(&place.api.options)?;
    query.finish()?;
    Ok((after, limit))
}

/// `5.0` as version 5, ordinal 0. One position has one spelling.
fn ordinal(text: &str) -> Option<(Version, u32)> {
    let (version, ordinal) = text.split_once('.')?;
    let position = (Version::new(version.parse().ok()?), ordinal.parse().ok()?);
    (format!("{}.{}", position.0, position.1) == text).then_some(position)
}

fn message(stored: &StoredMessage) -> Result<Message<'_>, serde_json::Error> {
    Ok(Message {
        id: stored.id.to_string(),
        version: stored.version,
        ordinal: stored.ordinal,
        role: &stored.role,
        name: &stored.name,
        payload: serde_json::from_str(&stored.payload)?,
        transition: &stored.transition,
        correlation: &stored.correlation,
        causation: stored.causation.as_deref(),
        actor: stored.actor.as_deref(),
        trace: stored.trace.as_deref(),
        occurred_at: stored.occurred_at,
        recorded_at: stored.recorded_at,
        published_at: stored.published_at,
    })
}

fn json(document: &impl Serialize) -> Answered {
    let body = serde_json::to_vec(document).map_err(|_| Problem::general("internal").reply())?;
    let mut response = Response::new(Body::from(body));
    *response.headers_mut() = HeaderMap::from_iter([
        (header::CONTENT_TYPE, HeaderValue::from_static("application/json")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-cache")),
    ]);
    Ok(response)
}

fn settled(answered: Answered) -> Response {
    answered.unwrap_or_else(respond)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::extract::Request;
    use cohesive_core::kernel::Version;

    use super::{following, ordinal};

    // R37
    #[test]
    fn the_next_page_keeps_the_question() {
        let next = |uri: &str| {
            let request = Request::builder().uri(uri).body(Body::empty()).unwrap();
            following(&request.into_parts().0, "a/ä")
        };
        assert_eq!(next("/tenders"), "/tenders?after=a%2F%C3%A4");
        assert_eq!(next("/tenders?after=x&status=P&&limit=2"), "/tenders?status=P&limit=2&after=a%2F%C3%A4");
        assert_eq!(next("/tenders?%61fter=x"), "/tenders?after=a%2F%C3%A4");
    }

    #[test]
    fn a_position_has_one_spelling() {
        assert_eq!(ordinal("5.0"), Some((Version::new(5), 0)));
        for text in ["", "5", "5.", ".5", "05.0", "5.00", "+5.0", "5.0.0", "-1.0", "5.4294967296"] {
            assert_eq!(ordinal(text), None, "{text}");
        }
        assert_eq!(ordinal("18446744073709551615.0"), None);
    }
}

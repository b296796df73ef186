//! The responses of operations, as OpenAPI lists them: one per status, with every code that it may carry.

use std::collections::BTreeMap;

use cohesive_core::model::{Conflict, Entity, Kind, Transition};
use cohesive_core::render::PossibleRejection;
use serde_json::{Map, Value as Json, json};

use super::openapi::rejection;
use super::problem::{General, find};
use super::{common, schema};

/// The general problems that an operation may answer with.
pub(super) struct Codes(Vec<&'static str>);

const READING: [&str; 5] =
    ["malformed_query", "malformed_header", "internal", "store_corrupt", "store_unavailable"];

impl Codes {
    fn reading(further: &[&'static str]) -> Self {
        Self(READING.iter().chain(further).copied().collect())
    }

    pub(super) fn one() -> Self {
        Self::reading(&["malformed_path", "not_found"])
    }

    pub(super) fn list() -> Self {
        Self::reading(&["unusable_filter"])
    }

    pub(super) fn outbox() -> Self {
        Self::reading(&["malformed_path", "not_found", "unusable_filter"])
    }

    pub(super) fn problem() -> Self {
        Self(vec!["malformed_path", "malformed_header", "not_found"])
    }

    pub(super) fn transition(entity: &Entity, transition: &Transition) -> Self {
        let mut codes = Self::reading(&[
            "header_not_accepted",
            "not_json",
            "body_incomplete",
            "body_timeout",
            "body_too_large",
            "unsupported_media_type",
            "wrong_shape",
            "invalid_input",
            "idempotency_key_in_flight",
            "idempotency_key_reused",
            "contended",
            "outcome_unknown",
            "stopping",
        ]);
        match transition.kind {
            Kind::Create => codes.0.push("already_exists"),
            Kind::Update => {
                codes.0.extend(["malformed_path", "not_found", "unusable_id", "stored_state_invalid"]);
                codes.0.push(match transition.conflict {
                    Conflict::AtHead => "version_not_accepted",
                    Conflict::Manual => "parked_for_review",
                    _ => "version_conflict",
                });
                if transition.conflict.needs_version() {
                    codes.0.push("version_required");
                }
            }
        }
        if transition.fact.is_some() {
            codes.0.push("fact_reused");
        }
        if entity.structure.fields.iter().any(|field| field.unique) {
            codes.0.push("not_unique");
        }
        codes
    }

    fn by_status(&self) -> BTreeMap<u16, Vec<&'static General>> {
        let mut statuses: BTreeMap<u16, Vec<&'static General>> = BTreeMap::new();
        for general in self.0.iter().filter_map(|code| find(code)) {
            statuses.entry(general.status).or_default().push(general);
        }
        statuses
    }
}

/// The problems of an operation, by status.
pub(super) fn problems(codes: &Codes, refusals: &[PossibleRejection]) -> Map<String, Json> {
    let mut statuses = codes.by_status();
    if !refusals.is_empty() {
        statuses.entry(409).or_default();
    }
    statuses
        .into_iter()
        .map(|(status, generals)| (status.to_string(), problem(status, &generals, refusals)))
        .collect()
}

fn problem(status: u16, generals: &[&General], refusals: &[PossibleRejection]) -> Json {
    let refusals = if status == 409 { refusals } else { &[] };
    let mut lines: Vec<String> =
        refusals.iter().map(|refusal| format!("- `{}`: {}", refusal.code, refusal.message)).collect();
    lines.extend(generals.iter().map(|general| format!("- `{}`: {}", general.code, general.meaning)));
    let mut headers = json!({ "X-Correlation-Id": header("CorrelationId") });
    if status == 503 || generals.iter().any(|general| general.code == "idempotency_key_in_flight") {
        headers["Retry-After"] = header("RetryAfter");
    }
    let codes: Vec<&str> = generals.iter().map(|general| general.code).collect();
    let mut response = json!({
        "description": lines.join("\n"),
        "headers": headers,
        "content": { "application/problem+json": { "schema": schema::reference("Problem") } },
        "x-problems": codes,
    });
    if !refusals.is_empty() {
        response["x-rejections"] = refusals.iter().map(rejection).collect();
    }
    response
}

/// A success that only tells something.
pub(super) fn success(schema: &Json, description: &str) -> Json {
    json!({
        "description": description,
        "headers": { "X-Correlation-Id": header("CorrelationId") },
        "content": { "application/json": { "schema": schema } },
    })
}

/// A success that committed something, and what that proves.
pub(super) fn committed(schema: &Json, description: &str, transition: &Transition) -> Json {
    let mut response = success(schema, description);
    response["headers"]["ETag"] = header("ETag");
    if transition.kind == Kind::Create {
        response["headers"]["Location"] = header("Location");
    }
    response["x-boundary"] = common::rungs(transition);
    response
}

/// Whether an answer carries a version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Tagged {
    Yes,
    No,
}

/// The responses of an operation that only reads.
pub(super) fn reading(schema: &Json, description: &str, codes: &Codes, tagged: Tagged) -> Json {
    let mut responses = problems(codes, &[]);
    let mut found = success(schema, description);
    if tagged == Tagged::Yes {
        found["headers"]["ETag"] = header("ETag");
        let headers = json!({ "X-Correlation-Id": header("CorrelationId"), "ETag": header("ETag") });
        let same = json!({ "description": "The caller has this version already.", "headers": headers });
        responses.insert("304".to_owned(), same);
    }
    responses.insert("200".to_owned(), found);
    Json::Object(responses)
}

fn header(name: &str) -> Json {
    json!({ "$ref": format!("#/components/headers/{name}") })
}

/// The headers of responses.
pub(super) fn headers() -> Json {
    let text = |description: &str| json!({ "description": description, "schema": { "type": "string" } });
    json!({
        "CorrelationId": text("What the request belongs to: as it said, or a fresh id."),
        "ETag": text("The entity's version, such as `\"5\"`."),
        "Location": text("Where the new entity is."),
        "RetryAfter": { "description": "After how many seconds to try again.", "schema": { "type": "integer" } },
    })
}

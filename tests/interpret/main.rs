//! The interpreter of the model agrees with the compiled bodies: N26.
//!
//! These are cases with a point; `cohesive::properties!` compares the two on every input it makes up.

mod constants;
mod numbers;
mod shapes;

use cohesive::interpret::{Document, Interpreter, Outcome};
use cohesive::kernel::{Create, Entity, Input, Structure, Update};
use cohesive::prelude::*;
use cohesive::{CorrelationId, create, decide};

fn context() -> Context {
    Context::new("2026-03-01T12:00:00Z".parse().unwrap(), "c-1".parse::<CorrelationId>().unwrap())
        .by("anna".parse().unwrap())
}

fn document<I: Input>(input: &I) -> Document {
    let json = serde_json::to_string(input).unwrap();
    let document = Document::of_input(I::TRANSITION.parameters, &json).unwrap();
    assert_eq!(document.input_json(I::TRANSITION.parameters), json, "an input reads and writes alike");
    document
}

/// Decides twice and demands that nothing differs; the word is the outcome's.
#[track_caller]
fn agreed<I: Update>(state: &I::Entity, input: &I) -> String {
    let interpreter = Interpreter::of::<I::Entity>();
    let whole = Document::of_patch::<I::Entity>(&state.whole()).unwrap();
    let version = Version::INITIAL;
    let model = interpreter.decide(I::TRANSITION, &whole, version, &document(input), &context());
    let code = decide(state, version, input, &context());
    assert_eq!(model.difference(&code), None);
    word(&model)
}

#[track_caller]
fn agreed_on_creation<I: Create>(input: &I) -> (String, Option<I::Entity>) {
    let interpreter = Interpreter::of::<I::Entity>();
    let nothing = Document::new();
    let model = interpreter.decide(I::TRANSITION, &nothing, Version::INITIAL, &document(input), &context());
    let code = create(input, &context());
    assert_eq!(model.difference(&code), None);
    (word(&model), code.applied().and_then(|applied| applied.created().ok()))
}

fn word(outcome: &Outcome) -> String {
    match outcome {
        Outcome::Rejected(refused) => refused.name(),
        Outcome::Opaque(what) => format!("unknown: {what}"),
        other => other.word().to_owned(),
    }
}

#[test]
fn a_whole_state_goes_to_documents_and_back() {
    use numbers::{Meter, OpenMeter};
    let input = OpenMeter { id: "M".parse().unwrap(), level: 7 };
    let (_, meter) = agreed_on_creation(&input);
    let meter = meter.unwrap();
    let whole = Document::of_patch::<Meter>(&meter.whole()).unwrap();
    assert_eq!(whole.state_json(Meter::STRUCTURE), serde_json::to_string(&meter).unwrap());
    assert_eq!(Meter::complete(whole.to_patch::<Meter>().unwrap()), Ok(meter));
    assert_eq!(Interpreter::of::<Meter>().entity().name(), Meter::MODEL.name());
}

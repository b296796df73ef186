//! Inputs that are kept for somebody to look at.

use cohesive_core::kernel::Version;

use super::samples::parked;
use super::{Outcome, commit_all, same};
use crate::store::{ParkedInput, Store, StoreErrorKind, Unit};

fn unit(parked: Vec<ParkedInput>) -> Unit {
    Unit { parked, ..Unit::default() }
}

// A34
pub(super) async fn input_returns_as_written(store: &impl Store) -> Outcome {
    let full = ParkedInput {
        input: "{\"note\":\"it's \\\"quoted\\\" \u{1f69a}\"}".to_owned(),
        expected: Version::new(0),
        actual: Version::new(u64::MAX),
        causation: Some("cause".to_owned()),
        actor: Some("anna".to_owned()),
        trace: Some("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned()),
        ..parked("t'\u{2028}")
    };
    commit_all(store, vec![unit(vec![full.clone()])]).await?;
    let found: Vec<ParkedInput> =
        store.parked_inputs(9).await?.into_iter().map(|stored| stored.input).collect();
    same!(found, [full]);
    let wrong = ParkedInput { input: "{".to_owned(), ..parked("x") };
    let result = store.commit(vec![unit(vec![wrong])]).await;
    same!(result.map_err(|error| error.kind), Err(StoreErrorKind::Schema));
    Ok(())
}

// A34
pub(super) async fn inputs_are_listed_in_order(store: &impl Store) -> Outcome {
    let units = ["a", "b", "c"].map(|id| unit(vec![parked(id), parked(id)])).into();
    commit_all(store, units).await?;
    let found = store.parked_inputs(5).await?;
    same!(found.is_sorted_by(|one, other| one.number < other.number), true);
    let ids: Vec<String> = found.into_iter().map(|stored| stored.input.entity_id).collect();
    same!(ids, ["a", "a", "b", "b", "c"].map(str::to_owned));
    Ok(())
}

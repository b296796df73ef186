//! How the server would search for each statement, for tests: none may read a whole table.

use cohesive_core::model::{FieldRole, Structure};
use tokio_postgres::SimpleQueryMessage;

use super::commit_sql::{Section, Step, With};
use super::error::failed;
use super::inbox;
use super::relay_sql::Query;
use super::session::Session;
use super::statements::{Catalogue, Purpose};
use crate::store::StoreError;

/// Everything that a store with these entities sends, in all of its forms.
fn purposes(structures: &[&'static Structure]) -> Vec<Purpose> {
    let mut purposes = vec![
        Purpose::Receipts,
        Purpose::Marks,
        Purpose::Messages,
        Purpose::Parked,
        Purpose::Prune,
        Purpose::Sentinel,
    ];
    purposes.extend(Query::ALL.map(Purpose::Relay));
    purposes.extend(inbox::Query::SEARCHES.map(Purpose::Inbox));
    let mut sections = vec![Section::Nothing];
    for structure in structures {
        let table = structure.table;
        let columns =
            || (0..structure.fields.len()).filter(|&column| structure.fields[column].role != FieldRole::Id);
        purposes.push(Purpose::Rows { table, columns: columns().collect() });
        purposes.push(Purpose::Lock { table });
        purposes.extend([false, true].map(|after| Purpose::List { table, filters: Vec::new(), after }));
        for column in columns() {
            let field = &structure.fields[column];
            if field.unique {
                purposes.push(Purpose::Unique { table, column });
            }
            if field.is_filter() {
                let list = |absent| Purpose::List { table, filters: vec![(column, absent)], after: true };
                purposes.push(list(false));
                purposes.extend(field.ty.is_optional().then(|| list(true)));
            }
            sections.push(Section::Update { table, columns: vec![column] });
        }
        sections.push(Section::Update { table, columns: columns().collect() });
        sections.push(Section::Insert { table });
    }
    let with = With { receipts: true, messages: true, parked: true };
    let step = |section: &Section, one| Purpose::Step(Step { section: section.clone(), one, with });
    purposes.extend(sections.iter().flat_map(|section| [true, false].map(|one| step(section, one))));
    purposes
}

/// Each statement, with the steps of its plan.
pub(super) async fn all(
    session: &Session,
    catalogue: &Catalogue,
    structures: &[&'static Structure],
) -> Result<Vec<(String, Vec<String>)>, StoreError> {
    let mut plans = Vec::new();
    for purpose in purposes(structures) {
        let sql = catalogue.sql(purpose)?;
        let types: Vec<&str> = sql.types.iter().map(tokio_postgres::types::Type::name).collect();
        let list =
            |items: &[&str]| if items.is_empty() { String::new() } else { format!("({})", items.join(", ")) };
        let prepare = format!("PREPARE probe{} AS {}", list(&types), sql.text);
        session.client().batch_execute(&prepare).await.map_err(failed)?;
        let explain = format!("EXPLAIN (COSTS off) EXECUTE probe{}", list(&vec!["NULL"; types.len()]));
        let answer = session.client().simple_query(&explain).await.map_err(failed)?;
        let step = |message: SimpleQueryMessage| match message {
            SimpleQueryMessage::Row(row) => row.get(0).map(str::to_owned),
            _ => None,
        };
        plans.push((sql.text.clone(), answer.into_iter().filter_map(step).collect()));
        session.client().batch_execute("DEALLOCATE probe").await.map_err(failed)?;
    }
    Ok(plans)
}

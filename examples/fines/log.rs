//! The event log of a fines register, as its owner exports it (CSV), read strictly: a row is understood whole or
//! named with its line.

use std::collections::BTreeMap;
use std::path::Path;

use cohesive::{Date, Decimal};

use crate::domain::{
    AddPenaltyFine, CreateFine, FileAppealFine, FineId, ForwardAppealFine, NotifyAppealResultFine,
    NotifyFine, PayFine, ReceiveAppealResultFine, SendFine, SendToCollectionFine, VehicleClass,
};

/// One row, as the input that it stands for.
pub enum Entry {
    Create(CreateFine),
    Send(SendFine),
    Notify(NotifyFine),
    AddPenalty(AddPenaltyFine),
    Pay(PayFine),
    FileAppeal(FileAppealFine),
    ForwardAppeal(ForwardAppealFine),
    ReceiveAppealResult(ReceiveAppealResultFine),
    NotifyAppealResult(NotifyAppealResultFine),
    SendToCollection(SendToCollectionFine),
}

/// One row with its line.
pub struct Row {
    pub line: u64,
    pub fine: FineId,
    pub activity: String,
    pub entry: Entry,
}

/// The rows of each fine, in the order of the log.
pub type Cases = Vec<(FineId, Vec<Row>)>;

/// Reads a whole log, or says what is wrong with each row that cannot be read.
pub fn read(path: &Path) -> Result<Cases, Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().from_path(path).map_err(|error| vec![error.to_string()])?;
    let headers = reader.headers().map_err(|error| vec![error.to_string()])?.clone();
    let columns: BTreeMap<&str, usize> =
        headers.iter().enumerate().map(|(index, name)| (name, index)).collect();
    let mut cases: Cases = Vec::new();
    let mut places: BTreeMap<String, usize> = BTreeMap::new();
    let mut mistakes = Vec::new();
    for record in reader.records() {
        let record = match record {
            Ok(record) => record,
            Err(error) => {
                mistakes.push(error.to_string());
                continue;
            }
        };
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |name: &str| {
            columns.get(name).and_then(|index| record.get(*index)).unwrap_or("").trim().to_owned()
        };
        match row(line, &cell) {
            Ok(row) => {
                let place = *places.entry(row.fine.to_string()).or_insert(cases.len());
                match cases.get_mut(place) {
                    Some((_, rows)) => rows.push(row),
                    None => cases.push((row.fine.clone(), vec![row])),
                }
            }
            Err(mistake) => mistakes.push(format!("line {line}: {mistake}")),
        }
    }
    if mistakes.is_empty() { Ok(cases) } else { Err(mistakes) }
}

fn row(line: u64, cell: &dyn Fn(&str) -> String) -> Result<Row, String> {
    let fine: FineId = parsed(cell, "case:concept:name")?;
    if cell("lifecycle:transition") != "complete" {
        return Err(format!("`lifecycle:transition` is `{}`, not `complete`", cell("lifecycle:transition")));
    }
    let activity = cell("concept:name");
    let on = day(cell)?;
    let entry = match activity.as_str() {
        "Create Fine" => Entry::Create(CreateFine {
            id: fine.clone(),
            amount: parsed(cell, "amount")?,
            article: whole(cell, "article")?,
            vehicle_class: class(&cell("vehicleClass"))?,
            points: whole(cell, "points")?,
            dismissal: Some(cell("dismissal"))
                .filter(|dismissal| !dismissal.is_empty() && dismissal != "NIL"),
            created_on: on,
        }),
        "Send Fine" => Entry::Send(SendFine { expense: parsed(cell, "expense")?, sent_on: on }),
        "Insert Fine Notification" => Entry::Notify(NotifyFine { notified_on: on }),
        "Add penalty" => Entry::AddPenalty(AddPenaltyFine { amount: parsed(cell, "amount")?, added_on: on }),
        "Payment" => Entry::Pay(PayFine {
            amount: parsed(cell, "paymentAmount")?,
            total: parsed(cell, "totalPaymentAmount")?,
        }),
        "Insert Date Appeal to Prefecture" => Entry::FileAppeal(FileAppealFine { filed_on: on }),
        "Send Appeal to Prefecture" => Entry::ForwardAppeal(ForwardAppealFine {}),
        "Receive Result Appeal from Prefecture" => Entry::ReceiveAppealResult(ReceiveAppealResultFine {}),
        "Notify Result Appeal to Offender" => Entry::NotifyAppealResult(NotifyAppealResultFine {}),
        "Send for Credit Collection" => Entry::SendToCollection(SendToCollectionFine {}),
        other => return Err(format!("`concept:name` is `{other}`, which is no known activity")),
    };
    Ok(Row { line, fine, activity, entry })
}

/// A cell that has to hold a value of its type.
fn parsed<T: std::str::FromStr<Err: std::fmt::Display>>(
    cell: &dyn Fn(&str) -> String,
    column: &str,
) -> Result<T, String> {
    let text = cell(column);
    text.parse().map_err(|error| format!("`{column}` is `{text}`: {error}"))
}

/// A whole number, which the register writes with a fraction of zero: `157.0`.
fn whole(cell: &dyn Fn(&str) -> String, column: &str) -> Result<i32, String> {
    let number: Decimal = parsed(cell, column)?;
    if !number.fract().is_zero() {
        return Err(format!("`{column}` is `{number}`, not a whole number"));
    }
    i32::try_from(number).map_err(|error| format!("`{column}` is `{number}`: {error}"))
}

/// The local day of a row, for example of `2005-03-23 00:00:00+01:00`.
fn day(cell: &dyn Fn(&str) -> String) -> Result<Date, String> {
    let text = cell("time:timestamp");
    let (date, time) =
        text.split_once(' ').ok_or_else(|| format!("`time:timestamp` is `{text}`, not a time"))?;
    let midnight = matches!(time, "00:00:00+01:00" | "00:00:00+02:00");
    if !midnight {
        return Err(format!("`time:timestamp` is `{text}`, not a day of the register"));
    }
    date.parse().map_err(|error| format!("`time:timestamp` is `{text}`: {error}"))
}

fn class(text: &str) -> Result<VehicleClass, String> {
    serde_json::from_value(text.into())
        .map_err(|_| format!("`vehicleClass` is `{text}`, which is no known class"))
}

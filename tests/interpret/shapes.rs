//! Choices, patterns, text, folds, sets, children, defaults of absent values.

use cohesive::prelude::*;

use crate::{agreed, agreed_on_creation};

#[derive(Id)]
pub struct PartyId(String);

#[derive(Lifecycle)]
pub enum PartyStatus {
    #[initial]
    Planned,
    #[wire = "under-way"]
    UnderWay,
    #[terminal]
    Over,
}

/// How somebody comes.
#[derive(Value)]
pub enum Way {
    OnFoot,
    #[wire = "by-train"]
    ByTrain,
}

/// Somebody who comes.
#[derive(Value)]
pub struct Guest {
    #[id]
    pub name: String,
    pub way: Way,
    #[field(range(1..=5))]
    pub heads: i32,
    pub note: Option<String>,
}

/// A party.
#[entity]
pub struct Party {
    #[id]
    pub id: PartyId,
    #[lifecycle]
    pub status: PartyStatus,
    pub guests: Vec<Guest>,
    pub tags: BTreeSet<String>,
    pub note: Option<String>,
    #[field(write_once)]
    pub host: Option<String>,
    #[field(length(..=20))]
    pub title: String,
    #[field(merge = min)]
    pub earliest: Option<Date>,
}

/// Somebody is told.
#[event]
pub struct Told {
    pub party_id: PartyId,
    pub status: PartyStatus,
    pub text: String,
    pub guest: Option<Guest>,
}

#[transitions]
impl Party {
    #[create]
    pub fn plan(id: PartyId, title: String) -> Self {
        Self { id, title }
    }

    #[transition(Planned)]
    pub fn invite(&mut self, guest: Guest, first: bool) {
        requires!(Room: self.guests.iter().map(|guest| guest.heads).sum() + guest.heads <= 10, "full");
        if first {
            self.guests.insert(0, guest);
        } else {
            self.guests.push(guest);
        }
    }

    #[transition(Planned | UnderWay => _ | UnderWay | Over)]
    pub fn proceed(&mut self, note: Option<String>, way: Way) {
        match (way) {
            Way::OnFoot if self.guests.is_empty() => {
                reject!(Nobody, "nobody comes");
            }
            Way::OnFoot => {
                self.status = if self.status == PartyStatus::Planned {
                    PartyStatus::UnderWay
                } else {
                    PartyStatus::Over
                };
            }
            Way::ByTrain => {}
        }
        let said = match &note {
            Some(text) if text.is_empty() => "silence".to_owned(),
            Some(text) => text.clone(),
            None => self.note.unwrap_or_default(),
        };
        self.note = Some(format!("{}/{}: {}", self.status, way, said));
        emit!(Told {
            party_id: self.id,
            status: self.status,
            text: said,
            guest: self.guests.iter().find(|guest| guest.way == way),
        });
    }

    #[transition]
    pub fn tag(&mut self, tags: BTreeSet<String>, gone: String) {
        requires!(NotAll: !tags.contains(&gone) && !gone.starts_with("x"), "contradiction");
        self.tags.extend(tags);
        self.tags.remove(gone);
    }

    #[transition]
    pub fn rename(&mut self, guest: Guest, other: String) {
        self.guests.upsert(Guest { note: Some("changed".to_owned()), ..guest });
        self.guests.remove_by_id(other);
    }

    #[transition]
    pub fn own(&mut self, host: String, on: Option<Date>) {
        self.host = Some(host);
        self.earliest.merge(on);
    }

    /// The count is that of the type `usize`, and the sum of nothing a zero of its own type.
    #[transition]
    pub fn count(&mut self, limit: i32) {
        let heads = self.guests.iter().map(|guest| guest.heads).sum();
        let walking = self.guests.iter().filter(|guest| guest.way == Way::OnFoot).count();
        requires!(Enough: heads - limit >= 0 || walking > 1, "too few");
        self.title = format!("heads: {}, walking: {}", heads, walking);
    }
}

fn party() -> Party {
    let (word, party) = agreed_on_creation(&PlanParty { id: "P".parse().unwrap(), title: "T".to_owned() });
    assert_eq!(word, "applied");
    party.unwrap()
}

fn guest(name: &str, heads: i32) -> Guest {
    Guest { name: name.to_owned(), way: Way::ByTrain, heads, note: None }
}

fn with(guests: Vec<Guest>) -> Party {
    Party { guests, ..party() }
}

#[test]
fn children_are_found_by_id_and_doubles_are_refused() {
    let full = with(vec![guest("a", 5), guest("b", 4)]);
    let invite = |guest, first| InviteParty { guest, first };
    assert_eq!(agreed(&full, &invite(guest("c", 1), true)), "applied");
    assert_eq!(agreed(&full, &invite(guest("c", 2), true)), "room");
    assert_eq!(agreed(&full, &invite(guest("b", 1), false)), "duplicate_child");
    assert_eq!(agreed(&full, &invite(guest("c", 6), false)), "invalid");
    assert_eq!(agreed(&full, &invite(guest("c\0", 1), false)), "invalid");
    for other in ["a", "z"] {
        let input = RenameParty { guest: guest("a", 1), other: other.to_owned() };
        assert_eq!(agreed(&full, &input), "applied");
    }
}

#[test]
fn every_way_through_a_choice_is_the_same() {
    for guests in [vec![], vec![guest("a", 1), Guest { way: Way::OnFoot, ..guest("b", 1) }]] {
        for status in [PartyStatus::Planned, PartyStatus::UnderWay, PartyStatus::Over] {
            for note in [None, Some(String::new()), Some("hm".to_owned())] {
                for way in [Way::OnFoot, Way::ByTrain] {
                    for before in [None, Some("before".to_owned())] {
                        let party = Party { status, note: before, ..with(guests.clone()) };
                        agreed(&party, &ProceedParty { note: note.clone(), way });
                    }
                }
            }
        }
    }
    let nobody = ProceedParty { note: None, way: Way::OnFoot };
    assert_eq!(agreed(&party(), &nobody), "nobody");
    assert_eq!(agreed(&Party { status: PartyStatus::Over, ..party() }, &nobody), "wrong_state");
}

#[test]
fn sets_have_their_order_and_no_doubles() {
    let set = |tags: &[&str]| tags.iter().map(|tag| (*tag).to_owned()).collect::<BTreeSet<_>>();
    let tagged = Party { tags: set(&["b", "d"]), ..party() };
    let tag = |tags: &[&str], gone: &str| TagParty { tags: set(tags), gone: gone.to_owned() };
    assert_eq!(agreed(&tagged, &tag(&["a", "d", "é"], "b")), "applied");
    assert_eq!(agreed(&tagged, &tag(&["d"], "z")), "no-change");
    assert_eq!(agreed(&tagged, &tag(&["d"], "d")), "not_all");
    assert_eq!(agreed(&tagged, &tag(&["d"], "x")), "not_all");
}

#[test]
fn write_once_and_merged_fields_are_settled_alike() {
    let own = |on: Option<&str>| OwnParty { host: "h".to_owned(), on: on.map(|on| on.parse().unwrap()) };
    assert_eq!(agreed(&party(), &own(Some("2026-01-02"))), "applied");
    assert_eq!(agreed(&Party { host: Some("h".to_owned()), ..party() }, &own(None)), "write_once");
    let early = Party { earliest: Some("2026-01-01".parse().unwrap()), ..party() };
    for on in [None, Some("2025-12-31"), Some("2026-01-01"), Some("2026-01-02")] {
        assert_eq!(agreed(&early, &own(on)), "applied");
    }
}

#[test]
fn counts_and_sums_of_nothing_have_a_type() {
    assert_eq!(agreed(&party(), &CountParty { limit: 0 }), "applied");
    assert_eq!(agreed(&party(), &CountParty { limit: 1 }), "enough");
    assert_eq!(agreed(&party(), &CountParty { limit: i32::MIN }), "overflow");
    let many = with(vec![guest("a", 5), Guest { way: Way::OnFoot, ..guest("b", 5) }]);
    assert_eq!(agreed(&many, &CountParty { limit: 10 }), "title_length");
    let long = PlanParty { id: "P".parse().unwrap(), title: "x".repeat(21) };
    assert_eq!(agreed_on_creation(&long).0, "title_length");
}

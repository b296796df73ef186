//! Constraints, references, personal data, aliases, merges, sets, children, money and durations.

use cohesive::kernel::{Entity, Structure};
use cohesive::model::{Change, Merge, Rule, Step, Type};
use cohesive::prelude::*;
use cohesive::{
    Applied, CorrelationId, Flaw, Invalid, Refusal, Rejection as _, create, decide, rejection_code,
};

#[derive(Id)]
pub struct GuestId(String);

#[entity]
pub struct Guest {
    #[id]
    pub id: GuestId,
}

#[transitions]
impl Guest {
    #[create]
    pub fn register(id: GuestId) -> Self {
        Self { id }
    }
}

#[derive(Id)]
pub struct StayId(String);

/// One thing that a guest had.
#[derive(Value)]
pub struct Item {
    /// Its number on the bill.
    #[id]
    pub number: u32,
    #[field(length(1..=20))]
    pub name: String,
    #[field(range(1..=10, "a guest orders 1 to 10 pieces"))]
    pub pieces: u32,
    pub price: Money,
}

/// A stay in a hotel.
#[entity]
pub struct Stay {
    #[id]
    pub id: StayId,
    #[field(references(Guest))]
    pub guest_id: GuestId,
    #[field(references(Guest))]
    pub companions: BTreeSet<GuestId>,
    #[field(range(1..=30))]
    pub nights: i32,
    #[field(length(..=12), pii, alias = "surname", alias = "last_name")]
    pub name: Option<String>,
    #[field(pattern("[A-Z]{2}[0-9]{3}", "a room is two letters and three digits"))]
    pub room: String,
    #[field(length(..=3))]
    pub wishes: Vec<String>,
    pub items: Vec<Item>,
    pub bill: Money,
    #[field(default = Duration::hours(2))]
    pub cleaning: Duration,
    pub arrival: Timestamp,
    #[field(check(LeavesAfterArrival: self.departure > self.arrival, "a guest leaves after arriving"))]
    pub departure: Timestamp,
    #[field(merge = max)]
    pub seen: Option<Timestamp>,
    #[field(merge = union)]
    pub tags: BTreeSet<String>,
}

#[transitions]
impl Stay {
    #[create]
    pub fn book(
        id: StayId,
        guest_id: GuestId,
        nights: i32,
        #[field(pii)] name: Option<String>,
        #[field(length(1..))] room: String,
        arrival: Timestamp,
    ) -> Self {
        let bill = Money { amount: Decimal::ZERO, currency: Currency::EUR };
        let departure = arrival + Duration::days(1) * 30;
        Self { id, guest_id, nights, name, room, arrival, departure, bill, tags: BTreeSet::new() }
    }

    #[transition]
    pub fn extend(&mut self, nights: i32, departure: Timestamp) {
        self.nights += nights;
        self.departure = departure;
    }

    #[transition]
    pub fn order(&mut self, item: Item) {
        self.items.push(item);
        self.bill += item.price * Decimal::from(item.pieces);
    }

    #[transition]
    pub fn correct(&mut self, number: u32, pieces: u32) {
        requires!(Known: self.items.iter().any(|item| item.number == number), "there is no such item");
        if let Some(item) = self.items.iter().find(|item| item.number == number) {
            self.items.upsert(Item { pieces, ..item });
        }
    }

    #[transition]
    pub fn cancel_item(&mut self, number: u32) {
        self.items.remove_by_id(number);
    }

    #[transition]
    pub fn wish(&mut self, at: u32, wish: String) {
        self.wishes.insert(at, wish);
    }

    #[transition]
    pub fn wish_twice(&mut self, wish: String) {
        self.wishes.push(wish);
        self.wishes.push(format!("{} again", wish));
    }

    #[transition]
    pub fn forget(&mut self, at: u32) {
        self.wishes.remove(at);
    }

    #[transition]
    pub fn start_over(&mut self, wishes: Vec<String>) {
        self.wishes.clear();
        self.wishes.extend(wishes);
    }

    #[transition]
    pub fn join(&mut self, companion: GuestId) {
        requires!(Other: companion != self.guest_id && !self.companions.contains(&companion), "is there already");
        self.companions.insert(companion);
    }

    #[transition]
    pub fn part(&mut self, companion: GuestId) {
        self.companions.remove(companion);
    }

    #[transition]
    pub fn see(&mut self, at: Timestamp, tags: BTreeSet<String>) {
        self.seen.merge(Some(at));
        self.tags.merge(tags);
    }

    #[transition]
    pub fn discount(&mut self, by: Money) {
        self.bill -= by;
        self.cleaning = self.departure - self.arrival;
    }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn context() -> Context {
    Context::new(at("2026-03-01T12:00:00Z"), "c-1".parse::<CorrelationId>().unwrap())
}

fn eur(cents: i64) -> Money {
    Money { amount: Decimal::new(cents, 2), currency: Currency::EUR }
}

fn booking() -> BookStay {
    BookStay {
        id: "S-1".parse().unwrap(),
        guest_id: "G-1".parse().unwrap(),
        nights: 3,
        name: Some("Lovelace".to_owned()),
        room: "AB123".to_owned(),
        arrival: at("2026-03-01T14:00:00Z"),
    }
}

fn booked() -> Stay {
    match create(&booking(), &context()) {
        Decision::Applied(applied) => applied.created().unwrap(),
        other => panic!("{other:?}"),
    }
}

fn after<I: cohesive::kernel::Update<Entity = Stay>>(stay: &Stay, input: &I) -> Stay {
    match decide(stay, Version::INITIAL, input, &context()) {
        Decision::Applied(applied) => Applied::after(&applied, stay).unwrap(),
        other => panic!("{other:?}"),
    }
}

fn refused<I: cohesive::kernel::Update<Entity = Stay>>(stay: &Stay, input: &I) -> String {
    match decide(stay, Version::INITIAL, input, &context()) {
        Decision::Rejected(rejection) => {
            let code = rejection_code::<I>(&rejection);
            let announced = cohesive::render::rejections(Stay::MODEL, I::TRANSITION);
            assert!(announced.iter().any(|one| one.code == code), "{code} is not announced");
            format!("{code}: {rejection}")
        }
        other => panic!("{other:?}"),
    }
}

fn item(number: u32, pieces: u32) -> Item {
    Item { number, name: "tea".to_owned(), pieces, price: eur(250) }
}

#[test]
fn e12_a_field_keeps_its_constraints_or_the_input_is_refused_with_their_message() {
    let stay = booked();
    let departure = stay.departure;
    assert_eq!(
        refused(&stay, &ExtendStay { nights: 28, departure }),
        "stay.extend.nights_range: `nights`: must be from 1 to 30"
    );
    assert_eq!(
        refused(&stay, &ExtendStay { nights: 1, departure: stay.arrival }),
        "stay.extend.leaves_after_arrival: `departure`: a guest leaves after arriving"
    );
    let wishes = StartOverStay { wishes: ["a", "b", "c", "d"].map(str::to_owned).into() };
    assert_eq!(
        refused(&stay, &wishes),
        "stay.start_over.wishes_length: `wishes`: must have a length of at most 3"
    );
    let room = BookStay { room: "12".to_owned(), ..booking() };
    let Decision::Rejected(rejection) = create(&room, &context()) else { panic!() };
    assert_eq!(rejection.to_string(), "`room`: a room is two letters and three digits");
    assert!(matches!(&rejection, BookStayRejection::Refused(Refusal::Constraint { field: "room", .. })));
    assert_eq!(
        after(&stay, &ExtendStay { nights: 27, departure }).nights,
        30,
        "the bound itself is permitted"
    );
}

#[test]
fn e12_members_and_parameters_keep_their_constraints_too() {
    let flaw = |decision: Decision<OrderStay>| match decision {
        Decision::Invalid(Invalid::Input { parameter: "item", flaw: Flaw::Constraint(constraint) }) => {
            (constraint.name, constraint.message)
        }
        other => panic!("{other:?}"),
    };
    let decided = |item| flaw(decide(&booked(), Version::INITIAL, &OrderStay { item }, &context()));
    assert_eq!(decided(item(1, 11)), ("pieces_range", "a guest orders 1 to 10 pieces"));
    assert_eq!(decided(Item { name: String::new(), ..item(1, 1) }).0, "name_length");
    let nowhere = BookStay { room: String::new(), ..booking() };
    let decision = create(&nowhere, &context());
    assert!(matches!(decision, Decision::Invalid(Invalid::Input { parameter: "room", .. })), "{decision:?}");
}

#[test]
fn e12_constraints_are_in_the_model() {
    let rule = |field: &str| Stay::STRUCTURE.field(field).unwrap().constraints[0].rule;
    assert!(matches!(rule("nights"), Rule::Range { least: Some(_), greatest: Some(_), inclusive: true }));
    assert_eq!(rule("wishes"), Rule::Length { least: 0, greatest: Some(3) });
    assert_eq!(rule("room"), Rule::Pattern("[A-Z]{2}[0-9]{3}"));
    let Rule::Check(condition) = rule("departure") else { panic!() };
    assert_eq!(condition.to_string(), "self.departure > self.arrival");
    // What a check reads is loaded for every transition.
    let column = |name: &str| Stay::STRUCTURE.column(name).unwrap();
    let forget = Stay::MODEL.columns(Stay::MODEL.transition("forget").unwrap());
    assert!(forget.contains(&column("arrival")) && !forget.contains(&column("bill")));
}

#[test]
fn e21_references_name_the_entity_and_can_be_filtered_by() {
    let field = Stay::STRUCTURE.field("guest_id").unwrap();
    assert_eq!((field.references, field.is_filter()), (Some("Guest"), true));
    assert_eq!(Stay::STRUCTURE.field("companions").unwrap().references, Some("Guest"));
}

#[test]
fn personal_data_does_not_show_in_debug_output() {
    let stay = booked();
    let patch = Stay::whole(&stay);
    for text in
        [format!("{stay:?}"), format!("{patch:?}"), format!("{:?}", stay.view()), format!("{:?}", booking())]
    {
        assert!(!text.contains("Lovelace") && text.contains("Personal"), "{text}");
    }
    assert!(Stay::STRUCTURE.field("name").unwrap().personal);
    let book = Stay::MODEL.transition("book").unwrap();
    assert!(book.parameters.iter().all(|parameter| parameter.personal == (parameter.name == "name")));
}

#[test]
fn e19_a_former_name_is_still_read() {
    let mut document = serde_json::to_value(booked()).unwrap();
    assert_eq!(document["name"], "Lovelace");
    for alias in ["surname", "last_name"] {
        let mut former = document.clone();
        let name = former.as_object_mut().unwrap().remove("name").unwrap();
        former[alias] = name;
        assert_eq!(serde_json::from_value::<Stay>(former).unwrap(), booked());
    }
    document["nickname"] = "Ada".into();
    assert!(serde_json::from_value::<Stay>(document).is_err(), "other names are not");
    assert_eq!(Stay::STRUCTURE.field("name").unwrap().aliases, ["surname", "last_name"]);
}

#[test]
fn t10_elements_are_inserted_and_removed_and_an_index_beyond_the_end_is_refused() {
    let stay = after(&booked(), &WishTwiceStay { wish: "tea".to_owned() });
    assert_eq!(stay.wishes, ["tea", "tea again"]);
    let stay = after(&stay, &WishStay { at: 0, wish: "quiet".to_owned() });
    assert_eq!(stay.wishes, ["quiet", "tea", "tea again"]);
    let fewer = after(&stay, &ForgetStay { at: 1 });
    assert_eq!(fewer.wishes, ["quiet", "tea again"]);
    assert_eq!(after(&fewer, &WishStay { at: 2, wish: "tea".to_owned() }).wishes.last().unwrap(), "tea");
    let beyond = refused(&fewer, &WishStay { at: 3, wish: "late".to_owned() });
    assert_eq!(beyond, "stay.wish.no_such_place: the list has no such place");
    assert_eq!(
        refused(&fewer, &ForgetStay { at: 2 }),
        "stay.forget.no_such_place: the list has no such place"
    );
    assert_eq!(after(&fewer, &StartOverStay { wishes: vec!["view".to_owned()] }).wishes, ["view"]);
    let emptied = after(&fewer, &StartOverStay { wishes: Vec::new() });
    assert_eq!(emptied.wishes, [""; 0], "an emptied list is empty, not absent"); // T12
}

#[test]
fn t12_a_set_has_an_element_once_and_losing_none_changes_nothing() {
    let companion: GuestId = "G-2".parse().unwrap();
    let stay = after(&booked(), &JoinStay { companion: companion.clone() });
    assert_eq!(stay.companions.len(), 1);
    assert!(matches!(Stay::STRUCTURE.field("companions").unwrap().ty, Type::Set(Type::Id(_))));
    let gone = after(&stay, &PartStay { companion: companion.clone() });
    assert!(gone.companions.is_empty());
    let again = decide(&gone, Version::INITIAL, &PartStay { companion }, &context());
    assert_eq!(again, Decision::NoChange);
}

#[test]
fn t12_children_are_found_replaced_and_removed_by_their_id() {
    let stay = after(&booked(), &OrderStay { item: item(1, 2) });
    assert_eq!(stay.bill, eur(500));
    let stay = after(&stay, &OrderStay { item: item(2, 1) });
    assert_eq!(
        refused(&stay, &OrderStay { item: item(2, 5) }),
        "stay.order.duplicate_child: there is a child with this id already"
    );
    let stay = after(&stay, &CorrectStay { number: 1, pieces: 9 });
    assert_eq!((stay.items[0].pieces, stay.items[0].name.as_str(), stay.items.len()), (9, "tea", 2));
    assert_eq!(
        refused(&stay, &CorrectStay { number: 7, pieces: 9 }),
        "stay.correct.known: there is no such item"
    );
    let fewer = after(&stay, &CancelItemStay { number: 1 });
    assert_eq!(fewer.items.iter().map(|item| item.number).collect::<Vec<_>>(), [2]);
    assert_eq!(
        decide(&fewer, Version::INITIAL, &CancelItemStay { number: 1 }, &context()),
        Decision::NoChange
    );
    let Type::List(Type::Record(record)) = Stay::STRUCTURE.field("items").unwrap().ty else { panic!() };
    assert_eq!(record.id, Some("number"));
}

#[test]
fn b115_a_merge_does_not_depend_on_order_or_repetition() {
    let see = |at: &str, tag: &str| SeeStay { at: self::at(at), tags: BTreeSet::from([tag.to_owned()]) };
    let (early, late) = (see("2026-03-01T10:00:00Z", "a"), see("2026-03-02T10:00:00Z", "b"));
    let one = after(&after(&booked(), &early), &late);
    let other = after(&after(&booked(), &late), &early);
    assert_eq!((one.seen, &one.tags), (other.seen, &other.tags));
    assert_eq!((one.seen, one.tags.len()), (Some(late.at), 2));
    assert_eq!(decide(&one, Version::INITIAL, &early, &context()), Decision::NoChange);
    assert_eq!(Stay::STRUCTURE.field("seen").unwrap().merge, Some(Merge::Max));
}

#[test]
fn money_keeps_its_currency_and_instants_their_distance() {
    let stay = after(&booked(), &OrderStay { item: item(1, 2) });
    let less = after(&stay, &DiscountStay { by: eur(101) });
    assert_eq!((less.bill, less.cleaning), (eur(399), Duration::days(30)));
    let dollars = DiscountStay { by: Money { currency: Currency::USD, ..eur(1) } };
    assert_eq!(
        refused(&stay, &dollars),
        "stay.discount.currency_mismatch: a calculation mixes two currencies"
    );
    assert_eq!(
        serde_json::to_value(less.bill).unwrap(),
        serde_json::json!({"amount": "3.99", "currency": "EUR"})
    );
    assert_eq!(serde_json::to_value(less.cleaning).unwrap(), "PT720H");
    let beyond = BookStay { arrival: Timestamp::MAX, ..booking() };
    let Decision::Rejected(rejection) = create(&beyond, &context()) else { panic!() };
    assert_eq!(rejection.name(), "overflow");
}

#[test]
fn changes_are_steps_of_the_model() {
    let steps = Stay::MODEL.transition("start_over").unwrap().steps;
    let changes = steps.iter().filter_map(|step| match step {
        Step::Change { field, change, operands, .. } => Some((*field, *change, operands.len())),
        _ => None,
    });
    let changes: Vec<_> = changes.collect();
    assert_eq!(changes, [("wishes", Change::Clear, 0), ("wishes", Change::Extend, 1)]);
    let correct = cohesive::render::model_json(Stay::MODEL).to_string();
    assert!(correct.contains("\"by\":\"upsert\""));
}

//! Constants of the user's code, and what the model does not know.

use cohesive::interpret::{Document, Interpreter, Outcome};
use cohesive::kernel::{Input, Structure};
use cohesive::prelude::*;

use crate::{agreed, agreed_on_creation, context, document};

/// The most that a box holds.
pub const LIMIT: i32 = 3;

/// What a label begins with.
pub const LABEL: &str = "box";

/// The longest list.
pub const LENGTH: usize = 2;

mod bounds {
    use cohesive::prelude::Decimal;

    pub const LEAST: Decimal = Decimal::ONE;
}

/// Numbers without a stored form.
pub const PAIR: (i32, i32) = (1, 2);

#[derive(Value)]
pub enum Mood {
    Good,
    None,
}

use Mood::Good;

#[derive(Id)]
pub struct CrateId(String);

#[entity(name = "Crate")]
pub struct Container {
    #[id]
    pub id: CrateId,
    #[field(default = LIMIT)]
    pub limit: i32,
    #[field(range(bounds::LEAST..))]
    pub weight: Decimal,
    pub marks: Vec<String>,
    #[field(default = Mood::None)]
    pub mood: Mood,
}

#[transitions]
impl Container {
    #[create]
    pub fn build(id: CrateId, weight: Decimal) -> Self {
        Self { id, weight }
    }

    #[transition]
    pub fn mark(&mut self, count: i32) {
        requires!(Light: count < LIMIT && self.marks.len() < LENGTH, "too much");
        self.marks.push(format!("{} {}", LABEL, count));
        self.mood = match self.mood {
            Good => Mood::None,
            Mood::None => Good,
        };
    }
}

fn container() -> Container {
    let (word, container) =
        agreed_on_creation(&BuildContainer { id: "C".parse().unwrap(), weight: Decimal::TWO });
    assert_eq!(word, "applied");
    container.unwrap()
}

#[test]
fn constants_of_the_users_code_are_known_by_value() {
    let container = container();
    assert_eq!((container.limit, container.mood), (LIMIT, Mood::None));
    assert_eq!(agreed(&container, &MarkContainer { count: 2 }), "applied");
    assert_eq!(agreed(&container, &MarkContainer { count: 3 }), "light");
    let marked = Container { marks: vec![String::new(); LENGTH], ..container };
    assert_eq!(agreed(&marked, &MarkContainer { count: 2 }), "light");
    let light = BuildContainer { id: "C".parse().unwrap(), weight: Decimal::new(99, 2) };
    assert_eq!(agreed_on_creation(&light).0, "weight_range");
    assert_eq!(Interpreter::of::<Container>().constants().count(), 6);
}

#[test]
fn a_constant_that_nobody_shows_is_unknown_and_no_guess() {
    let interpreter = Interpreter::new(<Container as cohesive::kernel::Entity>::MODEL);
    let state = Document::of_patch::<Container>(&container().whole()).unwrap();
    let input = document(&MarkContainer { count: 2 });
    let outcome = interpreter.decide(MarkContainer::TRANSITION, &state, Version::INITIAL, &input, &context());
    assert_eq!(outcome, Outcome::Opaque("the constant `LIMIT`".to_owned()));
    assert_eq!(PAIR.0, 1);
}

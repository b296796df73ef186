//! The account with one bug at a time.
//!
//! Generated code has none of these bugs, so they are planted by hand: `Faulty<BUG>` does everything as [`Account`]
//! does, but for one thing.

use std::sync::atomic::{AtomicI64, Ordering};

use cohesive::kernel::arithmetic::Arithmetic;
use cohesive::kernel::{
    Constant, Create, Draft, Entity, Input, InputVisitor, Refusal, Stop, Structure, Update,
};
use cohesive::model::{self, Transition};
use cohesive::prelude::*;
use cohesive::value::Datum;
use cohesive::{Flaw, Rejection as _};
use serde::{Deserialize, Serialize};

use crate::account::{
    Account, AccountId, AccountPatch, AccountStatus, AccountView, CloseAccount, DepositAccount, Holder,
    NeverAccount, OpenAccount, RecordInterestAccount, WithdrawAccount,
};

/// No bug at all.
pub const NONE: u8 = 0;
/// A guard panics on one amount.
pub const PANICS: u8 = 1;
/// A body counts how often it has run.
pub const COUNTS: u8 = 2;
/// A body changes the state that it is given.
pub const TOUCHES: u8 = 3;
/// Laying a patch over a state loses a field.
pub const LOSES_A_FIELD: u8 = 4;
/// A patch holds what did not change.
pub const KEEPS_THE_SAME: u8 = 5;
/// An invariant is not looked at.
pub const SKIPS_INVARIANTS: u8 = 6;
/// A constraint is not looked at.
pub const SKIPS_CONSTRAINTS: u8 = 7;
/// A computed field is calculated wrongly.
pub const COMPUTES_WRONGLY: u8 = 8;
/// The read set lacks a field.
pub const READS_TOO_LITTLE: u8 = 9;
/// A column is written in capitals.
pub const SHOUTS: u8 = 10;
/// JSON forgets a member.
pub const FORGETS_IN_JSON: u8 = 11;
/// An unknown name in a column is taken for a known one.
pub const TAKES_ANY_NAME: u8 = 12;
/// The compiled body is off by one.
pub const OFF_BY_ONE: u8 = 13;
/// The later of two values wins a merge.
pub const LAST_ONE_WINS: u8 = 14;
/// The write set lacks a field.
pub const WRITES_MORE: u8 = 15;
/// A message is not declared.
pub const SAYS_MORE: u8 = 16;
/// A fact is refused.
pub const REFUSES_A_FACT: u8 = 17;
/// A guard never holds.
pub const NEVER_CLOSES: u8 = 18;
/// A merge is not idempotent.
pub const ADDS_ON_MERGE: u8 = 19;
/// An invariant panics.
pub const INVARIANT_PANICS: u8 = 20;

static RUNS: AtomicI64 = AtomicI64::new(0);

#[derive(Debug, Clone, PartialEq)]
pub struct Faulty<const BUG: u8>(Account);

impl<const BUG: u8> Serialize for Faulty<BUG> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let forgotten = Account { note: None, ..self.0.clone() };
        if BUG == FORGETS_IN_JSON { forgotten.serialize(serializer) } else { self.0.serialize(serializer) }
    }
}

impl<'de, const BUG: u8> Deserialize<'de> for Faulty<BUG> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Account::deserialize(deserializer).map(Self)
    }
}

impl<const BUG: u8> Structure for Faulty<BUG> {
    const STRUCTURE: &'static model::Structure = Account::STRUCTURE;
    const NAME: &'static str = Account::NAME;
    type Id = AccountId;
    type Status = AccountStatus;
    type Patch = AccountPatch;
    type View<'a> = AccountView<'a>;

    fn id(&self) -> &AccountId {
        self.0.id()
    }

    fn id_of(patch: &AccountPatch) -> Option<&AccountId> {
        Account::id_of(patch)
    }

    fn view(&self) -> AccountView<'_> {
        self.0.view()
    }

    fn narrow<'short, 'long: 'short>(view: AccountView<'long>) -> AccountView<'short> {
        Account::narrow(view)
    }

    fn overlay<'a>(view: AccountView<'a>, patch: &'a AccountPatch) -> AccountView<'a> {
        Account::overlay(view, patch)
    }

    fn observe(patch: &AccountPatch) -> AccountView<'_> {
        Account::observe(patch)
    }

    fn status(view: Self::View<'_>) -> Option<&AccountStatus> {
        Account::status(view)
    }

    fn set_status(patch: &mut AccountPatch, status: AccountStatus) {
        Account::set_status(patch, status);
    }

    fn fill(patch: &mut AccountPatch) -> Result<(), Arithmetic> {
        Account::fill(patch)
    }

    fn compute(view: AccountView<'_>) -> Result<AccountPatch, Stop<Refusal>> {
        let mut patch = Account::compute(view)?;
        if BUG == COMPUTES_WRONGLY {
            patch.available = view.balance.copied();
        }
        Ok(patch)
    }

    fn sealed(view: AccountView<'_>, patch: &AccountPatch) -> Option<&'static str> {
        Account::sealed(view, patch)
    }

    fn trim(view: AccountView<'_>, patch: &mut AccountPatch) {
        let note = patch.note.clone();
        Account::trim(view, patch);
        if BUG == KEEPS_THE_SAME {
            patch.note = note;
        }
    }

    fn whole(&self) -> AccountPatch {
        self.0.whole()
    }

    fn check(patch: &AccountPatch) -> Option<(&'static str, Flaw)> {
        Account::check(patch)
    }

    fn merge(patch: &mut AccountPatch, mut later: AccountPatch) {
        if BUG == LOSES_A_FIELD && patch.id.is_some() {
            later.note = None;
        }
        Account::merge(patch, later);
    }

    fn join(view: AccountView<'_>, patch: &mut AccountPatch, later: AccountPatch) {
        match BUG {
            LAST_ONE_WINS => patch.seen = later.seen,
            ADDS_ON_MERGE => {
                Account::join(view, patch, later);
                let second = |at: Timestamp| at.saturating_add(std::time::Duration::from_secs(1));
                patch.seen = patch.seen.map(|seen| seen.map(second));
            }
            _ => Account::join(view, patch, later),
        }
    }

    fn constrained(view: AccountView<'_>, patch: &AccountPatch) -> Result<(), Stop<Refusal>> {
        if BUG == SKIPS_CONSTRAINTS { Ok(()) } else { Account::constrained(view, patch) }
    }

    fn field_constants(show: &mut dyn FnMut(&'static str, Option<Constant>)) {
        Account::field_constants(show);
    }

    fn complete(patch: AccountPatch) -> Result<Self, &'static str> {
        Account::complete(patch).map(Self)
    }

    fn encode<'a>(
        patch: &'a AccountPatch,
        show: &mut dyn FnMut(usize, Datum<'a>),
    ) -> Result<(), (usize, Flaw)> {
        Account::encode(patch, &mut |column, datum| match datum {
            Datum::Text(text) if BUG == SHOUTS && column == 5 => {
                show(column, Datum::Text(text.to_uppercase().into()));
            }
            datum => show(column, datum),
        })
    }

    fn decode(patch: &mut AccountPatch, column: usize, datum: Datum<'_>) -> Result<(), Flaw> {
        let decoded = Account::decode(patch, column, datum);
        if BUG == TAKES_ANY_NAME && column == 2 && decoded.is_err() {
            patch.holder = Some(Holder::Person);
            return Ok(());
        }
        decoded
    }
}

/// A model with one transition in place of the one with its name.
macro_rules! model_with {
    ($transition:expr) => {{
        const OTHER: Transition = $transition;
        const ALL: [Transition; 6] = {
            let mut all = [OTHER; 6];
            let mut place = 0;
            while place < 6 {
                let known = Account::MODEL.transitions[place];
                if known.name.len() != OTHER.name.len() {
                    all[place] = known;
                }
                place += 1;
            }
            all
        };
        model::Entity { transitions: &ALL, ..*Account::MODEL }
    }};
}

/// `deposit` has a name of its own length, and so has `close`.
const DEPOSIT: Transition = *DepositAccount::TRANSITION;
const BLIND: Transition = Transition { reads: &["balance", "id", "note", "status"], ..DEPOSIT };
const SHORT: Transition = Transition { writes: &["balance", "seen"], ..DEPOSIT };
const SILENT: Transition = Transition { emits: &[], ..DEPOSIT };

const BLIND_MODEL: model::Entity = model_with!(BLIND);
const SHORT_MODEL: model::Entity = model_with!(SHORT);
const SILENT_MODEL: model::Entity = model_with!(SILENT);

impl<const BUG: u8> Entity for Faulty<BUG> {
    const MODEL: &'static model::Entity = match BUG {
        READS_TOO_LITTLE => &BLIND_MODEL,
        WRITES_MORE => &SHORT_MODEL,
        SAYS_MORE => &SILENT_MODEL,
        _ => Account::MODEL,
    };

    fn invariants(view: AccountView<'_>) -> Result<(), Stop<Refusal>> {
        match BUG {
            SKIPS_INVARIANTS => Ok(()),
            INVARIANT_PANICS => {
                assert!(view.balance <= Some(&Decimal::ONE_HUNDRED), "that is too much");
                Account::invariants(view)
            }
            _ => Account::invariants(view),
        }
    }

    fn body_constants(show: &mut dyn FnMut(&'static str, Option<Constant>)) {
        Account::body_constants(show);
    }

    fn inputs(visitor: &mut impl InputVisitor<Self>) {
        visitor.create::<As<OpenAccount, BUG>>();
        visitor.update::<As<DepositAccount, BUG>>();
        visitor.update::<As<WithdrawAccount, BUG>>();
        visitor.update::<As<RecordInterestAccount, BUG>>();
        visitor.update::<As<CloseAccount, BUG>>();
        visitor.update::<As<NeverAccount, BUG>>();
    }
}

/// An input of the account, as one of the faulty account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct As<I, const BUG: u8>(I);

impl<I: Input<Entity = Account>, const BUG: u8> Input for As<I, BUG> {
    type Entity = Faulty<BUG>;
    type Rejection = I::Rejection;
    type Effects = I::Effects;
    const TRANSITION: &'static Transition = match (BUG, I::TRANSITION.name.len() == DEPOSIT.name.len()) {
        (READS_TOO_LITTLE, true) => &BLIND,
        (WRITES_MORE, true) => &SHORT,
        (SAYS_MORE, true) => &SILENT,
        _ => I::TRANSITION,
    };

    fn check(&self) -> Result<(), (&'static str, Flaw)> {
        self.0.check()
    }
}

/// The draft as the sound account fills it.
fn sound<I: Input<Entity = Account>, const BUG: u8>(
    draft: &mut Draft<As<I, BUG>>,
    run: impl FnOnce(&mut Draft<I>) -> Result<(), Stop<I::Rejection>>,
) -> Result<(), Stop<I::Rejection>> {
    let mut inner = Draft::<I>::default();
    let ended = run(&mut inner);
    (draft.patch, draft.effects) = (inner.patch, inner.effects);
    ended
}

impl<I: Create + Input<Entity = Account>, const BUG: u8> Create for As<I, BUG> {
    fn run(&self, context: &Context, draft: &mut Draft<Self>) -> Result<(), Stop<I::Rejection>> {
        sound(draft, |inner| self.0.run(context, inner))
    }
}

impl<I: Update + Input<Entity = Account>, const BUG: u8> Update for As<I, BUG> {
    const FROM: &'static [AccountStatus] = I::FROM;
    const TO: Option<AccountStatus> = I::TO;
    const CHOICES: &'static [AccountStatus] = I::CHOICES;

    fn wrong_state(state: AccountStatus) -> I::Rejection {
        I::wrong_state(state)
    }

    fn run(
        &self,
        view: AccountView<'_>,
        context: &Context,
        draft: &mut Draft<Self>,
    ) -> Result<(), Stop<I::Rejection>> {
        sound(draft, |inner| self.0.run(view, context, inner))?;
        let deposits = I::TRANSITION.name == "deposit";
        let overflow = || Stop::Rejected(I::Rejection::from(Refusal::Arithmetic(Arithmetic::Overflow)));
        match BUG {
            PANICS if deposits => {
                assert!(draft.patch.balance != Some(Decimal::from(7)), "seven is unlucky");
            }
            COUNTS if deposits => {
                let runs = RUNS.fetch_add(1, Ordering::SeqCst);
                draft.patch.note = Some(Some(runs.to_string()));
            }
            TOUCHES if deposits => view.tally.into_iter().for_each(crate::account::Tally::touch),
            OFF_BY_ONE if deposits => {
                let balance = draft.patch.balance.ok_or_else(overflow)?;
                draft.patch.balance = Some(balance.checked_add(Decimal::ONE).ok_or_else(overflow)?);
            }
            REFUSES_A_FACT if I::TRANSITION.fact.is_some() && view.status == Some(&AccountStatus::Closed) => {
                return Err(Stop::Rejected(I::Rejection::from(Refusal::Edge("Closed"))));
            }
            NEVER_CLOSES if I::TRANSITION.name == "close" => {
                let rejection = I::Rejection::from(Refusal::Sealed("status"));
                assert_eq!(rejection.name(), "write_once");
                return Err(Stop::Rejected(rejection));
            }
            _ => {}
        }
        Ok(())
    }
}

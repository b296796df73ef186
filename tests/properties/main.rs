//! Properties that the model writes: V03, N25, N26, B82, B115.
//!
//! The examples keep them all; each of the bugs in `planted` breaks the one that is there for it.

#[path = "../../examples/fines/domain.rs"]
mod fines;
#[path = "../../examples/freight/domain.rs"]
mod freight;
#[path = "../expand/ways/input.rs"]
mod ways;

mod account;
mod faulty;
mod planted;
mod weak;

cohesive::properties!(freight::Tender);
cohesive::properties!(freight::Shipment);
cohesive::properties!(fines::Fine);
cohesive::properties!(ways::Claim, unmet = [decide]);
cohesive::properties!(account::Account, unreached = [never], refusing = [within_limit]);

/// An extern path, and every setting.
mod settings {
    use crate::account::Account as Ledger;

    cohesive::properties!(Ledger, cases = 24, seed = 7, unreached = [never], refusing = [within_limit]);
}

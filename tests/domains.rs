//! Six domains from public descriptions, told as scenarios.

#[path = "../examples/domains/bank_account.rs"]
mod bank_account;
#[path = "../examples/domains/hotel_booking.rs"]
mod hotel_booking;
#[path = "../examples/domains/insurance_claim.rs"]
mod insurance_claim;
#[path = "../examples/domains/issue_tracker.rs"]
mod issue_tracker;
#[path = "../examples/domains/order.rs"]
mod order;
#[path = "../examples/domains/subscription.rs"]
mod subscription;

use cohesive::prelude::*;
use cohesive::testing::Given as _;

/// The tests that the models write, without a line of ours.
mod written {
    cohesive::properties!(crate::bank_account::Account);
    cohesive::properties!(crate::order::Order);
    cohesive::properties!(crate::subscription::Subscription);
    cohesive::properties!(crate::hotel_booking::Booking);
    cohesive::properties!(crate::insurance_claim::Claim);
    cohesive::properties!(crate::issue_tracker::Issue);
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn eur(cents: i64) -> Money {
    Money { amount: Decimal::new(cents, 2), currency: Currency::EUR }
}

/// The lines that hold code, of a file that rustfmt has formatted.
fn lines(text: &str) -> usize {
    text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//")).count()
}

#[test]
fn a_bank_account_takes_35_lines() {
    assert!(lines(include_str!("../examples/domains/bank_account.rs")) <= 35);
}

#[test]
fn the_figures_in_the_readme_are_those_of_the_files() {
    let readme = include_str!("../README.md");
    for (name, text) in [
        ("bank_account", include_str!("../examples/domains/bank_account.rs")),
        ("order", include_str!("../examples/domains/order.rs")),
        ("subscription", include_str!("../examples/domains/subscription.rs")),
        ("hotel_booking", include_str!("../examples/domains/hotel_booking.rs")),
        ("insurance_claim", include_str!("../examples/domains/insurance_claim.rs")),
        ("issue_tracker", include_str!("../examples/domains/issue_tracker.rs")),
    ] {
        let row = format!("(examples/domains/{name}.rs) | {} |", lines(text));
        assert!(readme.contains(&row), "the README should say `{row}`");
    }
}

mod bank {
    use super::*;
    use crate::bank_account::{Account, DepositAccount, Deposited, OpenAccount, WithdrawAccount};

    #[test]
    fn what_is_there_can_be_withdrawn_and_no_more() {
        let opened = OpenAccount { id: "A-1".parse().unwrap(), owner: "Ada".to_owned() };
        Account::given_nothing()
            .and(opened)
            .when(DepositAccount { cents: 100 })
            .then_emits(Deposited { cents: 100, balance: 100 })
            .next()
            .when(WithdrawAccount { cents: 101 })
            .then_rejected("balance_range")
            .next()
            .when(WithdrawAccount { cents: 100 })
            .then_applied()
            .then_state(|account| assert_eq!(account.balance, 0))
            .next()
            .when(DepositAccount { cents: 0 })
            .then_invalid("cents");
    }
}

mod orders {
    use super::*;
    use crate::order::{
        DraftOrder, Order, OrderLine, OrderSubmitted, PayOrder, PutLineOrder, RemoveLineOrder, ShipOrder,
        SubmitOrder,
    };

    fn draft() -> DraftOrder {
        let (id, buyer_id) = ("O-1".parse().unwrap(), "B-1".parse().unwrap());
        DraftOrder { id, buyer_id, currency: Currency::EUR }
    }

    fn put(sku: &str, pieces: u32, cents: i64) -> PutLineOrder {
        PutLineOrder { line: OrderLine { sku: sku.to_owned(), pieces, price: eur(cents) } }
    }

    #[test]
    fn lines_are_put_by_article_and_the_total_follows() {
        Order::given_nothing()
            .and(draft())
            .and(put("tea", 2, 350))
            .and(put("cup", 1, 900))
            .when(put("tea", 3, 350))
            .then_applied()
            .then_state(|order| {
                assert_eq!((order.lines.len(), order.total), (2, Decimal::new(1950, 2)));
            })
            .next()
            .when(RemoveLineOrder { sku: "pot".to_owned() })
            .then_rejected("known_line")
            .next()
            .when(PutLineOrder {
                line: OrderLine {
                    sku: "pot".to_owned(),
                    pieces: 1,
                    price: Money { currency: Currency::USD, ..eur(100) },
                },
            })
            .then_rejected("same_currency");
    }

    #[test]
    fn an_order_is_submitted_paid_and_shipped_in_this_order() {
        Order::given_nothing()
            .and(draft())
            .when(SubmitOrder {})
            .then_rejected("not_empty")
            .next()
            .and(put("tea", 2, 350))
            .when(ShipOrder {})
            .then_rejected("wrong_state")
            .next()
            .when(SubmitOrder {})
            .then_emits(OrderSubmitted {
                order_id: "O-1".parse().unwrap(),
                buyer_id: "B-1".parse().unwrap(),
                total: Decimal::new(700, 2),
                currency: Currency::EUR,
            })
            .next()
            .when(PayOrder { amount: eur(699) })
            .then_rejected("exact")
            .next()
            .and(PayOrder { amount: eur(700) })
            .when(ShipOrder {})
            .then_applied();
    }
}

mod subscriptions {
    use super::*;
    use crate::subscription::{
        CancelSubscription, ChargeCard, FailPaymentSubscription, RecordPaymentSubscription,
        RenewSubscription, StartSubscription, Subscription, SubscriptionStatus,
    };

    fn start() -> StartSubscription {
        StartSubscription {
            id: "S-1".parse().unwrap(),
            email: "ada@example.org".to_owned(),
            price: eur(999),
            today: date("2026-01-01"),
            trial_days: 14,
        }
    }

    fn payment(invoice: &str) -> RecordPaymentSubscription {
        RecordPaymentSubscription { invoice: invoice.to_owned(), amount: eur(999) }
    }

    #[test]
    fn a_period_is_charged_paid_and_prolonged() {
        Subscription::given_nothing()
            .and(start())
            .when(RenewSubscription { today: date("2026-01-14") })
            .then_rejected("period_is_over")
            .next()
            .when(RenewSubscription { today: date("2026-01-15") })
            .then_requests(ChargeCard {
                subscription_id: "S-1".parse().unwrap(),
                amount: eur(999),
                attempt: 1,
            })
            .next()
            .when(payment("I-1"))
            .then_state(|subscription| {
                assert_eq!(subscription.status, SubscriptionStatus::Active);
                assert_eq!(subscription.paid_until, date("2026-02-14"));
            });
    }

    #[test]
    fn four_failures_end_the_attempts_and_a_payment_still_counts() {
        Subscription::given_nothing()
            .and(start())
            .and(FailPaymentSubscription {})
            .and(FailPaymentSubscription {})
            .and(FailPaymentSubscription {})
            .when(FailPaymentSubscription {})
            .then_state(|subscription| assert_eq!(subscription.status, SubscriptionStatus::Unpaid))
            .next()
            .and(payment("I-1"))
            .and(CancelSubscription {})
            .when(payment("I-2"))
            .then_applied()
            .then_state(|subscription| {
                assert_eq!(subscription.status, SubscriptionStatus::Canceled);
                assert_eq!(subscription.paid, Decimal::new(1998, 2));
            });
    }
}

mod hotel {
    use super::*;
    use crate::hotel_booking::{
        BookBooking, Booking, BookingEnded, CheckInBooking, CheckOutBooking, Deposit, GuestCheckedOut,
        MarkNoShowBooking, MoveToBooking,
    };

    fn book(deposit: Deposit) -> BookBooking {
        BookBooking {
            id: "B-1".parse().unwrap(),
            guest: "Ada".to_owned(),
            adults: 2,
            children: 1,
            arrival: date("2026-07-01"),
            departure: date("2026-07-04"),
            room_type: "A".to_owned(),
            rate: eur(9000),
            deposit,
        }
    }

    #[test]
    fn a_guest_comes_stays_and_pays_for_the_nights() {
        let check_in = |day: &str| CheckInBooking { room: "101".to_owned(), today: date(day) };
        Booking::given_nothing()
            .and(book(Deposit::None))
            .when(check_in("2026-06-30"))
            .then_rejected("not_early")
            .next()
            .when(check_in("2026-07-04"))
            .then_rejected("not_late")
            .next()
            .and(check_in("2026-07-01"))
            .when(CheckOutBooking { nights: 3 })
            .then_emits(GuestCheckedOut { booking_id: "B-1".parse().unwrap(), amount: eur(27000) });
    }

    #[test]
    fn dates_move_in_order_and_a_deposit_stays_with_the_hotel() {
        let moved = |arrival: &str, departure: &str| MoveToBooking {
            arrival: date(arrival),
            departure: date(departure),
        };
        Booking::given_nothing()
            .and(book(Deposit::Refundable))
            .expecting(0)
            .when(moved("2026-07-05", "2026-07-05"))
            .then_rejected("leaves_after_arrival")
            .next()
            .expecting(0)
            .when(moved("2026-07-05", "2026-07-06"))
            .then_applied();
        Booking::given_nothing()
            .and(book(Deposit::NonRefund))
            .when(MarkNoShowBooking { today: date("2026-07-02") })
            .then_emits(BookingEnded { booking_id: "B-1".parse().unwrap(), keeps_deposit: true });
    }
}

mod claims {
    use super::*;
    use crate::insurance_claim::{
        CheckTicketClaim, Claim, ClaimStatus, DecideClaim, Examination, ExamineClaim, PayCompensation,
        RegisterClaim, ReinitiateClaim,
    };

    fn register(amount: i64) -> RegisterClaim {
        RegisterClaim {
            id: "C-1".parse().unwrap(),
            claimant: "Ada".to_owned(),
            amount: Decimal::from(amount),
        }
    }

    #[test]
    fn a_claim_is_examined_and_checked_in_either_order_and_then_decided() {
        let thorough = ExamineClaim { examination: Examination::Thorough };
        Claim::given_nothing()
            .and(register(500))
            .when(ExamineClaim { examination: Examination::Casual })
            .then_rejected("large_claims_thoroughly")
            .next()
            .and(CheckTicketClaim { valid: true })
            .when(thorough)
            .then_state(|claim| assert_eq!(claim.status, ClaimStatus::ReadyToDecide))
            .next()
            .when(DecideClaim { accept: true })
            .then_requests(PayCompensation { claim_id: "C-1".parse().unwrap(), amount: Decimal::from(500) });
    }

    #[test]
    fn a_claim_without_a_valid_ticket_is_not_accepted_and_may_be_looked_at_again() {
        Claim::given_nothing()
            .and(register(50))
            .and(ExamineClaim { examination: Examination::Casual })
            .and(CheckTicketClaim { valid: false })
            .when(DecideClaim { accept: true })
            .then_rejected("valid_ticket")
            .next()
            .when(ReinitiateClaim {})
            .then_state(|claim| assert_eq!((claim.status, claim.rounds), (ClaimStatus::Registered, 1)));
    }
}

mod issues {
    use super::*;
    use crate::issue_tracker::{
        AssignIssue, CommentIssue, ConfirmIssue, Issue, IssueId, RenameIssue, ReopenIssue, ReportIssue,
        Resolution, ResolveIssue, VerifyIssue,
    };

    fn report() -> ReportIssue {
        ReportIssue {
            id: IssueId::new(7).unwrap(),
            summary: "it breaks".to_owned(),
            reporter: "ada".parse().unwrap(),
        }
    }

    #[test]
    fn an_issue_is_confirmed_by_another_and_resolved_with_a_reason() {
        let resolve = |resolution, duplicate_of| ResolveIssue { resolution, duplicate_of };
        Issue::given_nothing()
            .and(report())
            .when(ConfirmIssue { by: "ada".parse().unwrap() })
            .then_rejected("another_person")
            .next()
            .and(ConfirmIssue { by: "bob".parse().unwrap() })
            .when(resolve(Resolution::Duplicate, None))
            .then_rejected("duplicate_of_what")
            .next()
            .when(resolve(Resolution::Duplicate, IssueId::new(7).ok()))
            .then_rejected("not_of_itself")
            .next()
            .and(resolve(Resolution::Duplicate, IssueId::new(3).ok()))
            .and(ReopenIssue {})
            .and(resolve(Resolution::Fixed, None))
            .when(VerifyIssue { by: "bob".parse().unwrap() })
            .then_applied();
    }

    #[test]
    fn two_people_change_different_things_and_comments_are_numbered() {
        let rename = RenameIssue { summary: "it breaks at night".to_owned() };
        let comment = |text: &str| CommentIssue { author: "bob".parse().unwrap(), text: text.to_owned() };
        Issue::given_nothing()
            .and(report())
            .and(comment("me too"))
            .expecting(0)
            .when(rename)
            .then_applied()
            .next()
            .expecting(0)
            .when(AssignIssue { assignee: "bob".parse().unwrap() })
            .then_applied();
        Issue::given_nothing().and(report()).and(comment("one")).when(comment("two")).then_state(|issue| {
            assert_eq!(issue.comments.iter().map(|comment| comment.number).collect::<Vec<_>>(), [1, 2]);
        });
    }
}

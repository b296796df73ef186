/// The domains, with the entity that is examined and its events.
#[allow(dead_code, reason = "the build script and the test each use a part of this file")]
const DOMAINS: &[(&str, &str, &str)] = &[
    ("domains/bank_account.rs", "Account", "AccountEvent"),
    ("domains/order.rs", "Order", "OrderEvent"),
    ("domains/subscription.rs", "Subscription", "SubscriptionEvent"),
    ("domains/hotel_booking.rs", "Booking", "BookingEvent"),
    ("domains/insurance_claim.rs", "Claim", "ClaimEvent"),
    ("domains/issue_tracker.rs", "Issue", "IssueEvent"),
];

/// A fault, planted in a domain.
#[allow(dead_code, reason = "the build script and the test each use a part of this file")]
struct Mutant {
    /// The domain.
    file: &'static str,
    /// What kind of fault it is.
    kind: &'static str,
    /// What it is, in words.
    what: &'static str,
    /// The text that is replaced; it stands once in the domain.
    from: &'static str,
    /// What stands there instead.
    to: &'static str,
    /// Why it is not found, for one that is not.
    missed: Option<&'static str>,
}

const fn mutant(
    file: &'static str,
    kind: &'static str,
    what: &'static str,
    from: &'static str,
    to: &'static str,
) -> Mutant {
    Mutant { file, kind, what, from, to, missed: None }
}

const BANK: &str = "domains/bank_account.rs";
const ORDER: &str = "domains/order.rs";
const SUBSCRIPTION: &str = "domains/subscription.rs";
const HOTEL: &str = "domains/hotel_booking.rs";
const CLAIM: &str = "domains/insurance_claim.rs";
const ISSUE: &str = "domains/issue_tracker.rs";

#[rustfmt::skip]
const MUTANTS: &[Mutant] = &[
    Mutant {
        missed: Some("a constraint is what the author says; nothing else says that zero is meant"),
        ..mutant(BANK, "weaker constraint", "an account may be overdrawn",
            "range(0.., \"there is not enough money\")", "range(-100.., \"there is not enough money\")")
    },
    Mutant {
        missed: Some("the account has no invariant that ties its balance to its events; a scenario finds it"),
        ..mutant(BANK, "missing set", "a withdrawal takes nothing", "        self.balance -= cents;\n", "")
    },
    mutant(BANK, "forgotten emit", "a deposit says nothing",
        "        emit!(Deposited { cents, balance: self.balance });\n", ""),
    mutant(ORDER, "dropped guard", "lines of another currency",
        "        requires!(SameCurrency: line.price.currency == self.currency, \"an order is in one currency\");\n", ""),
    mutant(ORDER, "wrong guard operator", "an order is submitted when it is empty",
        "requires!(NotEmpty: !self.lines.is_empty()", "requires!(NotEmpty: self.lines.is_empty()"),
    mutant(ORDER, "inverted guard", "only unknown lines are taken out",
        "KnownLine: self.lines.iter()", "KnownLine: !self.lines.iter()"),
    mutant(ORDER, "missing change", "a line is not put",
        "        self.lines.upsert(line);\n", ""),
    mutant(ORDER, "swapped states", "submitting cancels",
        "#[transition(Draft => Submitted)]", "#[transition(Draft => Cancelled)]"),
    mutant(ORDER, "wrong state", "a shipped order stays paid",
        "#[transition(Paid => Shipped)]", "#[transition(Paid => Paid)]"),
    mutant(ORDER, "swapped states", "a paid order is shipped before it is paid",
        "#[transition(Submitted => Paid)]", "#[transition(Paid => Submitted)]"),
    mutant(ORDER, "forgotten emit", "nobody hears of a shipment",
        "        emit!(OrderShipped { order_id: self.id });\n", ""),
    mutant(ORDER, "missing set", "the moment of submission is not kept",
        "        self.submitted_at = Some(context.now());\n", ""),
    mutant(ORDER, "wrong guard", "only an order that costs something else is paid",
        "amount.amount == self.total", "amount.amount == self.total && amount.amount != self.total"),
    mutant(SUBSCRIPTION, "wrong state", "the fourth failure is just past due",
        "            self.status = SubscriptionStatus::Unpaid;", "            self.status = SubscriptionStatus::PastDue;"),
    mutant(SUBSCRIPTION, "missing set", "failures are not counted",
        "        self.failures = failures;\n", ""),
    mutant(SUBSCRIPTION, "missing set", "a payment does not clear the failures",
        "            self.failures = 0;\n", ""),
    mutant(SUBSCRIPTION, "wrong operator", "attempts end after the first failure",
        "if failures >= 4 {", "if failures <= 4 {"),
    mutant(SUBSCRIPTION, "missing set", "nothing ever ends with the period",
        "        self.ends = true;\n", "        self.ends = false;\n"),
    mutant(SUBSCRIPTION, "wrong state", "who cancels has failed to pay",
        "#[transition(Trialing | Active | PastDue | Unpaid => Canceled)]", "#[transition(Trialing | Active | PastDue | Unpaid => Unpaid)]"),
    mutant(SUBSCRIPTION, "forgotten emit", "a failed payment is not told",
        "        emit!(PaymentFailed { subscription_id: self.id, failures });\n", ""),
    mutant(HOTEL, "missing set", "a guest has no room",
        "        self.room = Some(room);\n", ""),
    mutant(HOTEL, "wrong guard operator", "a guest comes when the stay is over",
        "requires!(NotLate: today < self.departure", "requires!(NotLate: today < self.arrival"),
    mutant(HOTEL, "dropped guard", "more people than a room holds",
        "        requires!(AtMostEight: adults + children <= 8, \"a room holds eight people\");\n", ""),
    mutant(HOTEL, "wrong guard operator", "only bookings with a fixed deposit are moved and are not",
        "requires!(AtLeastOne: nights >= 1", "requires!(AtLeastOne: nights >= 1 && nights < 1"),
    mutant(HOTEL, "inverted guard", "a guest comes before the day of arrival only",
        "NotEarly: today >= self.arrival", "NotEarly: today < self.arrival"),
    mutant(HOTEL, "wrong state", "who cancels has not come",
        "#[transition(Booked => Cancelled)]", "#[transition(Booked => NoShow)]"),
    mutant(HOTEL, "wrong state", "who comes in has left",
        "#[transition(Booked => CheckedIn)]", "#[transition(Booked => CheckedOut)]"),
    mutant(CLAIM, "inverted guard", "a claim asks for less than nothing",
        "Something: amount > Decimal::ZERO", "Something: amount < Decimal::ZERO"),
    mutant(CLAIM, "weaker guard", "a checked ticket is enough, valid or not",
        "ValidTicket: !accept || self.ticket_valid == Some(true)", "ValidTicket: !accept || self.ticket_valid.is_some()"),
    mutant(CLAIM, "missing set", "the examination is not kept",
        "        self.examination = Some(examination);\n", ""),
    mutant(CLAIM, "swapped states", "accepted is rejected, and rejected accepted",
        "        if accept {\n            self.status", "        if !accept {\n            self.status"),
    mutant(CLAIM, "wrong operator", "ready before the ticket is checked",
        "        if self.ticket_valid.is_some() {", "        if self.ticket_valid.is_none() {"),
    mutant(CLAIM, "missing set", "another look begins with the old results",
        "        self.examination = None;\n        self.ticket_valid = None;\n", ""),
    mutant(CLAIM, "forgotten emit", "nobody hears of a rejection",
        "            emit!(ClaimRejected { claim_id: self.id });\n", ""),
    mutant(ISSUE, "missing set", "a resolved issue does not say how",
        "        self.resolution = Some(resolution);\n", ""),
    mutant(ISSUE, "missing set", "a reopened issue keeps its resolution",
        "        self.resolution = None;\n        self.duplicate_of = None;\n", "        self.duplicate_of = None;\n"),
    mutant(ISSUE, "wrong state", "what is resolved is verified at once",
        "#[transition(Unconfirmed | Confirmed | InProgress => Resolved)]", "#[transition(Unconfirmed | Confirmed | InProgress => Verified)]"),
    mutant(ISSUE, "wrong guard operator", "duplicates name nothing",
        "DuplicateOfWhat: (resolution == Resolution::Duplicate) == duplicate_of.is_some()",
        "DuplicateOfWhat: (resolution == Resolution::Duplicate) == duplicate_of.is_none()"),
    mutant(ISSUE, "swapped set and clear", "a tag is taken out instead of added",
        "        self.keywords.insert(keyword);\n", "        self.keywords.remove(keyword);\n"),
    Mutant {
        missed: Some("without the invariant nothing says that the state is wrong; the guard keeps it right"),
        ..mutant(CLAIM, "dropped invariant", "nothing says that accepted tickets are valid",
            "        !matches!(self.status, ClaimStatus::Accepted | ClaimStatus::Paid) || self.ticket_valid == Some(true)",
            "        !matches!(self.status, ClaimStatus::Accepted | ClaimStatus::Paid) || self.ticket_valid.is_some()")
    },
    Mutant {
        missed: Some("both bounds are sensible, and only a person knows which one was meant"),
        ..mutant(CLAIM, "wrong guard operator", "a claim for exactly 100 may be examined casually",
            "self.amount < Decimal::ONE_HUNDRED", "self.amount <= Decimal::ONE_HUNDRED")
    },
];

//! What there is to do, as one table: arguments are read and helps are written from it.

/// What an action is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Area {
    Outbox,
    Effects,
    Parked,
    Inbox,
}

/// All areas.
pub(super) const AREAS: [Area; 4] = [Area::Outbox, Area::Effects, Area::Parked, Area::Inbox];

impl Area {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Outbox => "outbox",
            Self::Effects => "effects",
            Self::Parked => "parked",
            Self::Inbox => "inbox",
        }
    }

    pub(super) const fn about(self) -> &'static str {
        match self {
            Self::Outbox => "events that are to be published",
            Self::Effects => "requests of effects that are to be performed",
            Self::Parked => "what arrived and waits for somebody to look at it",
            Self::Inbox => "what is remembered of messages and requests that were handled",
        }
    }
}

/// What is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Status,
    List,
    Show,
    Retry,
    Drop,
    Republish,
    Prune,
    Inputs,
}

/// How many numbers an action takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Numbers {
    None,
    One,
    /// One or more, unless `--all` is there.
    Some,
}

/// What may be added to an action.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Flag {
    Json,
    Limit,
    All,
    Yes,
    Since,
    OlderThan,
}

impl Flag {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Limit => "limit",
            Self::All => "all",
            Self::Yes => "yes",
            Self::Since => "since",
            Self::OlderThan => "older-than",
        }
    }

    /// How it is written, and what it does.
    pub(super) const fn help(self) -> (&'static str, &'static str) {
        match self {
            Self::Json => ("--json", "one JSON document on one line, for programs"),
            Self::Limit => ("--limit NUMBER", "how many at the most; 50 when left out"),
            Self::All => ("--all", "instead of numbers: all that are listed"),
            Self::Yes => ("--yes", "confirms what cannot be undone"),
            Self::Since => ("--since INSTANT", "from when on, for example 2026-03-01T12:00:00Z"),
            Self::OlderThan => ("--older-than SPAN", "how old at the least: 30s, 15m, 24h, 7d"),
        }
    }
}

/// Something to do.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Action {
    pub(super) area: Area,
    pub(super) name: &'static str,
    pub(super) verb: Verb,
    pub(super) numbers: Numbers,
    pub(super) options: &'static [Flag],
    /// What it does, in one line.
    pub(super) about: &'static str,
    /// What cannot be undone.
    pub(super) warning: &'static str,
}

const fn action(
    area: Area,
    (name, verb): (&'static str, Verb),
    numbers: Numbers,
    options: &'static [Flag],
    about: &'static str,
    warning: &'static str,
) -> Action {
    Action { area, name, verb, numbers, options, about, warning }
}

const STATUS: (&str, Verb) = ("status", Verb::Status);
const LIST: (&str, Verb) = ("list", Verb::List);
const SHOW: (&str, Verb) = ("show", Verb::Show);
const RETRY: (&str, Verb) = ("retry", Verb::Retry);
const DROP: (&str, Verb) = ("drop", Verb::Drop);
const REPUBLISH: (&str, Verb) = ("republish", Verb::Republish);
const PRUNE: (&str, Verb) = ("prune", Verb::Prune);
const INPUTS: (&str, Verb) = ("inputs", Verb::Inputs);

const NO_OPTIONS: &[Flag] = &[Flag::Json];
const LISTING: &[Flag] = &[Flag::Limit, Flag::Json];
const ALL: &[Flag] = &[Flag::All, Flag::Json];
const ALL_CONFIRMED: &[Flag] = &[Flag::All, Flag::Yes, Flag::Json];
const SINCE: &[Flag] = &[Flag::Since, Flag::Yes, Flag::Json];
const OLDER: &[Flag] = &[Flag::OlderThan, Flag::Json];

/// Everything there is to do.
pub(super) const ACTIONS: &[Action] = &[
    action(
        Area::Outbox,
        STATUS,
        Numbers::None,
        NO_OPTIONS,
        "how many events are pending, and for how long",
        "",
    ),
    action(Area::Outbox, LIST, Numbers::None, LISTING, "events that are parked, with their errors", ""),
    action(Area::Outbox, SHOW, Numbers::One, NO_OPTIONS, "one parked event with its payload", ""),
    action(Area::Outbox, RETRY, Numbers::Some, ALL, "give parked events their attempts back", ""),
    action(
        Area::Outbox,
        DROP,
        Numbers::Some,
        ALL_CONFIRMED,
        "give parked events up, so that those behind them follow",
        "dropped events are never published",
    ),
    action(
        Area::Outbox,
        REPUBLISH,
        Numbers::None,
        SINCE,
        "publish again what was published since an instant and is still there",
        "every receiver gets these events again, under the ids that they had",
    ),
    action(
        Area::Outbox,
        PRUNE,
        Numbers::None,
        OLDER,
        "remove events that were published or dropped long ago",
        "",
    ),
    action(
        Area::Effects,
        STATUS,
        Numbers::None,
        NO_OPTIONS,
        "how many requests are pending, and for how long",
        "",
    ),
    action(Area::Effects, LIST, Numbers::None, LISTING, "requests that are parked, with their errors", ""),
    action(Area::Effects, SHOW, Numbers::One, NO_OPTIONS, "one parked request with its payload", ""),
    action(Area::Effects, RETRY, Numbers::Some, ALL, "give parked requests their attempts back", ""),
    action(
        Area::Effects,
        DROP,
        Numbers::Some,
        ALL_CONFIRMED,
        "give parked requests up, so that those behind them follow",
        "dropped requests are never performed, and nothing re-enters in their place",
    ),
    action(Area::Parked, LIST, Numbers::None, LISTING, "deliveries that consumers gave up", ""),
    action(Area::Parked, SHOW, Numbers::One, NO_OPTIONS, "one delivery with headers and body", ""),
    action(Area::Parked, RETRY, Numbers::Some, ALL, "handle deliveries again, in their order", ""),
    action(
        Area::Parked,
        DROP,
        Numbers::Some,
        ALL_CONFIRMED,
        "give deliveries up, so that those behind them are handled",
        "dropped deliveries are never applied",
    ),
    action(
        Area::Parked,
        INPUTS,
        Numbers::None,
        LISTING,
        "inputs whose senders had not seen the latest version (conflict = manual)",
        "",
    ),
    action(Area::Inbox, STATUS, Numbers::None, NO_OPTIONS, "how much is remembered", ""),
    action(
        Area::Inbox,
        PRUNE,
        Numbers::None,
        NO_OPTIONS,
        "forget what was kept for repeats and whose time is over",
        "",
    ),
];

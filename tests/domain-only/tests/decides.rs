//! The domain decides, in a program that has no more than it.

use core::future::Future as _;
use core::pin::pin;
use core::task::{Context as Task, Poll, Waker};

use cohesive::kernel::{Effect, Entity as _, HandlerVisitor, Requests, Structure as _, UpdatedBy as _};
use cohesive::prelude::*;
use cohesive::{CorrelationId, create, decide};
use domain_only::depot::Depot;
use domain_only::parcel::{
    NoteParcel, PackParcel, Parcel, ParcelRefused, ParcelStatus, RingParcel, SendParcel, Size, WriteLetter,
};
use domain_only::route::{PlanRoute, Route, RouteId};

fn context() -> Context {
    Context::new("2026-03-01T12:00:00Z".parse().unwrap(), "c-1".parse::<CorrelationId>().unwrap())
}

fn packed() -> Parcel {
    let pack = PackParcel {
        id: "0193e7a0-0000-7000-8000-000000000001".parse().unwrap(),
        route_id: RouteId::new(7).unwrap(),
        label: "AB123456".to_owned(),
        addressee: "Ada".to_owned(),
        size: Size { width: 10, height: None },
        grams: 900,
    };
    create(&pack, &context()).applied().unwrap().created().unwrap()
}

#[test]
fn n31_a_domain_decides_without_a_runtime() {
    let parcel = packed();
    assert_eq!((parcel.total, parcel.remarks()), (Decimal::new(649, 2), 0));
    #[cfg(not(feature = "insurance"))]
    let send = SendParcel {};
    #[cfg(feature = "insurance")]
    let send = SendParcel { insured: Decimal::from(50) };
    let decision = decide(&parcel, Version::INITIAL, &send, &context());
    let leaves = decision.applied().unwrap().after(&parcel).unwrap();
    assert_eq!(leaves.status, ParcelStatus::Sent);
    let ring = RingParcel { neighbour: Some("Grace".to_owned()), home: false };
    let decision = decide(&leaves, Version::INITIAL, &ring, &context());
    let left = decision.applied().unwrap().after(&leaves).unwrap();
    assert_eq!(left.remarks, ["nobody left it with Grace"]);
    let plan = PlanRoute { id: RouteId::new(7).unwrap() };
    assert_eq!(create(&plan, &context()).applied().unwrap().created().unwrap().id, parcel.route_id);
    assert_eq!(Route::STRUCTURE.name, "Tour");
}

/// A handler needs no runtime to be written and to be tried.
#[test]
fn n31_effects_have_handlers_without_a_runtime() {
    struct Seen(Vec<&'static str>);
    impl<H> HandlerVisitor<H> for Seen {
        fn effect<Q: Effect>(&mut self)
        where
            H: Handle<Q>,
        {
            self.0.push(Q::MESSAGE.name);
        }
    }
    let mut seen = Seen(Vec::new());
    <Parcel as Requests<Depot>>::handlers(&mut seen);
    assert_eq!(seen.0, ["FetchParcel", "WriteLetter"]);

    let call = EffectCall {
        key: "k-1".to_owned(),
        attempt: 1,
        attempts: 1,
        entity: Parcel::MODEL.name(),
        entity_id: packed().id.to_string(),
        correlation: "c-1".parse().unwrap(),
        causation: None,
        trace: None,
        timeout: std::time::Duration::from_secs(1),
    };
    let depot = Depot::default();
    let letter = WriteLetter { to: "Ada".to_owned(), text: "it is here".to_owned() };
    let written = pin!(depot.handle(letter, &call)).poll(&mut Task::from_waker(Waker::noop()));
    assert!(matches!(written, Poll::Ready(Ok(Nothing))));
    assert_eq!(depot.letters(), 1);
}

#[test]
fn an_event_means_an_input() {
    let refused = ParcelRefused { parcel: packed().id, by: "Ada".to_owned() };
    let (id, note) = NoteParcel::follow(refused);
    assert_eq!((id, note.remark), (packed().id, "Ada".to_owned()));
}

/// With the feature and without it: `./check` runs both.
#[test]
fn what_depends_on_a_feature_is_in_the_model_when_it_is_compiled() {
    let with = cfg!(feature = "insurance");
    assert_eq!(Parcel::STRUCTURE.field("insured").is_some(), with);
    let send = Parcel::MODEL.transition("send").unwrap();
    assert_eq!(send.parameters.len(), usize::from(with));
    assert_eq!(send.writes.contains(&"insured"), with);
    let message = Parcel::MODEL.messages.iter().find(|message| message.name == "ParcelSent").unwrap();
    assert_eq!(message.members.len(), if with { 3 } else { 2 });
    assert_eq!(Parcel::STRUCTURE.column("declaration"), Some(14));
}

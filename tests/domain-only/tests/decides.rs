//! The domain decides, in a program that has no more than it.

use cohesive::kernel::{Entity as _, Structure as _};
use cohesive::prelude::*;
use cohesive::{CorrelationId, create, decide};
use domain_only::parcel::{PackParcel, Parcel, ParcelStatus, RingParcel, SendParcel, Size};
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

//! What a node serves: entities, and for each transition how a request becomes an input.

use std::any::TypeId;
use std::collections::HashMap;
use std::marker::PhantomData;
use std::sync::Arc;

use cohesive_core::check;
use cohesive_core::diagnostic::Diagnostic;
use cohesive_core::kernel::{Create, CreatedBy, Entity, Input, InputVisitor, Update, UpdatedBy};
use cohesive_core::model;
use cohesive_core::model::Structure;

use super::consume::Follower;
use super::dynamic::{Operation, Reader};

/// The entities that belong together under one name.
///
/// ```text
/// let freight = System::new("freight").entity::<Tender>().entity::<Shipment>();
/// ```
#[derive(Clone)]
pub struct System {
    name: &'static str,
    entities: Vec<Served>,
    inputs: HashMap<TypeId, Taken>,
}

/// How a system takes inputs of one type.
#[derive(Clone)]
pub(super) struct Taken {
    /// The columns that deciding needs.
    pub(super) columns: Arc<[usize]>,
    /// Which of the system's transitions it is, in the order of entities and operations.
    pub(super) place: usize,
}

/// One entity of a system, with what can be asked of it.
#[derive(Clone)]
pub struct Served {
    /// The model.
    pub model: &'static model::Entity,
    /// The transitions, in the order of the model.
    pub operations: Vec<Operation>,
    /// The transitions that follow events, in the order of the model.
    pub followers: Vec<Follower>,
    /// How to read it.
    pub reader: Reader,
}

impl System {
    /// A system without entities.
    #[must_use]
    pub fn new(name: &'static str) -> Self {
        Self { name, entities: Vec::new(), inputs: HashMap::new() }
    }

    /// The same system with one more entity. Naming an entity twice changes nothing.
    #[must_use]
    pub fn entity<E: Entity>(mut self) -> Self {
        if self.entities.iter().any(|served| std::ptr::eq(served.model, E::MODEL)) {
            return self;
        }
        let before = self.entities.iter().map(|served| served.operations.len()).sum();
        let mut collector = Collector::<E> {
            operations: Vec::new(),
            followers: Vec::new(),
            inputs: HashMap::new(),
            before,
            entity: PhantomData,
        };
        E::inputs(&mut collector);
        self.inputs.extend(std::mem::take(&mut collector.inputs));
        let reader = Reader::of::<E>();
        let Collector { operations, followers, .. } = collector;
        self.entities.push(Served { model: E::MODEL, operations, followers, reader });
        self
    }

    /// The system's name.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The entities, in the order they were named.
    #[must_use]
    pub fn entities(&self) -> &[Served] {
        &self.entities
    }

    /// Everything that can be said about the entities and about them together, by file and line. See
    /// [`check::system`](cohesive_core::check::system).
    #[must_use]
    pub fn check(&self) -> Vec<Diagnostic> {
        let entities: Vec<&'static model::Entity> = self.entities.iter().map(|served| served.model).collect();
        check::entities(&entities)
    }

    /// The structures of the entities, as a store wants them.
    #[must_use]
    pub fn structures(&self) -> Vec<&'static Structure> {
        self.entities.iter().map(|served| served.model.structure).collect()
    }

    /// The transitions that follow the event of this name, of all entities.
    pub fn followers<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = &'a Follower> {
        self.entities.iter().flat_map(|served| &served.followers).filter(move |each| each.kind == kind)
    }

    /// The names of the events that this system follows, sorted: what a consumer has to subscribe to.
    #[must_use]
    pub fn followed(&self) -> Vec<&'static str> {
        let followers = self.entities.iter().flat_map(|served| &served.followers);
        let mut kinds: Vec<_> = followers.map(|follower| follower.kind).collect();
        kinds.sort_unstable();
        kinds.dedup();
        kinds
    }

    /// How inputs of type `I` are taken; `None` when their entity is not served.
    pub(super) fn taken<I: Input>(&self) -> Option<&Taken> {
        self.inputs.get(&TypeId::of::<I>())
    }
}

impl Served {
    /// The update that a policy means by `path`, through which the answer of an effect can enter.
    pub(crate) fn answer(&self, path: &str) -> Option<&Operation> {
        let transition = self.model.follower(path)?;
        self.operations.iter().find(|each| each.transition.name == transition.name && each.is_update())
    }
}

struct Collector<E> {
    operations: Vec<Operation>,
    followers: Vec<Follower>,
    inputs: HashMap<TypeId, Taken>,
    /// How many transitions the entities before this one have.
    before: usize,
    entity: PhantomData<E>,
}

impl<E: Entity> Collector<E> {
    fn note<I: Input<Entity = E>>(&mut self) {
        let columns = E::MODEL.columns(I::TRANSITION).into();
        let place = self.before + self.operations.len();
        self.inputs.insert(TypeId::of::<I>(), Taken { columns, place });
    }
}

impl<E: Entity> InputVisitor<E> for Collector<E> {
    fn create<I: Create<Entity = E>>(&mut self) {
        self.note::<I>();
        self.operations.push(Operation::create::<I>());
    }

    fn update<I: Update<Entity = E>>(&mut self) {
        self.note::<I>();
        self.operations.push(Operation::update::<I>());
    }

    fn created_by<I: CreatedBy<Entity = E>>(&mut self) {
        self.followers.push(Follower::created::<I>());
    }

    fn updated_by<I: UpdatedBy<Entity = E>>(&mut self) {
        self.followers.push(Follower::updated::<I>());
    }
}

//! What has to hold of every model, and what was found not to.

/// A law that every entity has to keep. One test of `cohesive::properties!` stands for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Property {
    /// Deciding has an outcome for every input on every state; nothing panics.
    Total,
    /// The same state, input and context give the same decision.
    Deterministic,
    /// Deciding leaves the state that it is given as it was.
    Untouched,
    /// The old state and the patch make the new state, and the patch holds what changed and no more.
    Patch,
    /// Every state that is reached keeps invariants, constraints and computed fields.
    Invariants,
    /// A state with only the columns of the transition decides like the whole state.
    Sparse,
    /// Values survive their stored form and their JSON form.
    Codecs,
    /// A name that an enumeration does not have is an error, and is taken for no other.
    Names,
    /// The model, interpreted, does what the compiled code does.
    Model,
    /// A merge does not depend on order, grouping or repetition.
    Merges,
    /// Only declared fields change, along declared edges, with declared messages.
    Declared,
    /// A fact is never refused, but for a number that its type cannot hold.
    Facts,
    /// Every transition can be accepted.
    Possible,
    /// No invariant has to refuse an input: a guard says first what is wrong, in words for the caller.
    Guarded,
    /// Every guard and every refusal of a body refuses something, and every way through a body is taken.
    Met,
}

impl Property {
    /// Every property, in the order of the tests.
    pub const ALL: [Self; 15] = [
        Self::Total,
        Self::Deterministic,
        Self::Untouched,
        Self::Patch,
        Self::Invariants,
        Self::Sparse,
        Self::Codecs,
        Self::Names,
        Self::Model,
        Self::Merges,
        Self::Declared,
        Self::Facts,
        Self::Possible,
        Self::Guarded,
        Self::Met,
    ];

    /// The law in one sentence.
    #[must_use]
    pub const fn sentence(self) -> &'static str {
        match self {
            Self::Total => "deciding has an outcome for every input, and panics on none",
            Self::Deterministic => "the same state, input and context give the same decision",
            Self::Untouched => "deciding leaves the state that it is given as it was",
            Self::Patch => "the old state and the patch make the new state",
            Self::Invariants => "every state that is reached keeps the rules of the model",
            Self::Sparse => "a state with only the columns of the transition decides like the whole state",
            Self::Codecs => "values survive their stored form and their JSON form",
            Self::Names => "a name that an enumeration does not have is an error",
            Self::Model => "the model, interpreted, does what the compiled code does",
            Self::Merges => "a merge does not depend on order, grouping or repetition",
            Self::Declared => "only declared fields change, along declared edges, with declared messages",
            Self::Facts => "a fact is never refused",
            Self::Possible => "every transition can be accepted and change something",
            Self::Guarded => "a guard refuses before an invariant has to",
            Self::Met => "every guard refuses something, and every way is taken",
        }
    }
}

/// The tests of an entity, one for each property. Written by `cohesive::properties!`.
#[doc(hidden)]
#[macro_export]
macro_rules! property_tests {
    ($subject:ty, $options:expr) => {
        $crate::property_tests! {
            @each $subject, $options,
            Total deciding_is_total
            Deterministic deciding_is_deterministic
            Untouched deciding_leaves_the_state_untouched
            Patch old_and_patch_make_new
            Invariants reached_states_keep_the_rules
            Sparse a_sparse_state_decides_alike
            Codecs codecs_lose_nothing
            Names unknown_names_are_errors
            Model the_model_means_what_the_code_does
            Merges merges_do_not_depend_on_order
            Declared only_what_is_declared_happens
            Facts facts_are_never_refused
            Possible every_transition_is_possible
            Guarded guards_refuse_before_invariants
            Met every_refusal_is_met
        }
    };
    (@each $subject:ty, $options:expr, $($property:ident $test:ident)*) => {
        /// The tests by name, with the properties that they demand.
        #[allow(dead_code, reason = "for whoever wants to know")]
        pub(super) const TESTS: &[(&str, $crate::testing::Property)] =
            &[$((::core::stringify!($test), $crate::testing::Property::$property)),*];
        $(
            #[test]
            fn $test() {
                $crate::testing::demand::<$subject>(
                    $options,
                    $crate::testing::Property::$property,
                    ::core::concat!(::core::module_path!(), "::", ::core::stringify!($test)),
                );
            }
        )*
    };
}

/// A property that something broke.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Finding {
    pub(super) property: Property,
    /// What broke, in one or more lines.
    pub(super) what: String,
}

/// What was found, in order.
#[derive(Debug, Default)]
pub(super) struct Findings(pub(super) Vec<Finding>);

impl Findings {
    pub(super) fn add(&mut self, property: Property, what: impl Into<String>) {
        self.0.push(Finding { property, what: what.into() });
    }

    /// Notes what is wrong, if something is.
    pub(super) fn check(&mut self, property: Property, wrong: Option<String>) {
        if let Some(what) = wrong {
            self.add(property, what);
        }
    }
}

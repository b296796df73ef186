//! The effects of one decision, in declaration order, without a heap allocation of their own.

use super::traits::Payload;

/// The effects of one decision.
///
/// `E` is the generated enumeration of what the transition may produce, and `N` how many places produce it, so
/// the list lives inside the decision.
#[derive(Debug, Clone, PartialEq)]
pub struct Effects<E, const N: usize> {
    items: [Option<E>; N],
    len: usize,
}

impl<E, const N: usize> Default for Effects<E, N> {
    fn default() -> Self {
        Self { items: [const { None }; N], len: 0 }
    }
}

impl<E, const N: usize> Effects<E, N> {
    /// Adds an effect after the others. Generated code calls this at most `N` times.
    pub fn record(&mut self, effect: impl Into<E>) {
        debug_assert!(self.len < N, "a transition has more effects than places that produce them");
        if let Some(place) = self.items.get_mut(self.len) {
            *place = Some(effect.into());
            self.len += 1;
        }
    }

    /// How many effects there are.
    #[must_use]
    pub const fn len(&self) -> usize {
        self.len
    }

    /// Whether there are none.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The effects, in declaration order.
    pub fn iter(&self) -> impl Iterator<Item = &E> {
        self.items.iter().flatten()
    }
}

/// Effects of any transition, seen by their payloads. Implemented by [`Effects`] and by nothing else.
pub trait EffectSet: Default + Clone + PartialEq + std::fmt::Debug + Send + Sync + 'static {
    /// How many effects there are.
    fn count(&self) -> usize;

    /// Shows each payload, in declaration order.
    fn each(&self, show: &mut dyn FnMut(&dyn Payload));
}

impl<E, const N: usize> EffectSet for Effects<E, N>
where
    E: AsRef<dyn Payload> + Clone + PartialEq + std::fmt::Debug + Send + Sync + 'static,
{
    fn count(&self) -> usize {
        self.len
    }

    fn each(&self, show: &mut dyn FnMut(&dyn Payload)) {
        for effect in self.iter() {
            show(effect.as_ref());
        }
    }
}

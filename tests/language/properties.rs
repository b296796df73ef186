//! The properties of every entity here: what the model writes, the language has to keep.

cohesive::properties!(crate::Order, refusing = [affordable, counts_are_not_negative], unmet = [remark]);
cohesive::properties!(crate::Gauge);
cohesive::properties!(crate::values::Stay);
cohesive::properties!(crate::kinds::Invoice);

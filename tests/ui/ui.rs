//! What the compiler says about mistakes: one file per mistake, named after it.
//!
//! `model` holds messages of ours, which should be the same with every compiler; `types` holds messages of the compiler
//! with our words in them, so they depend on its version and on the crates in the build. To accept new texts, read
//! them, then run with `TRYBUILD=overwrite`.
//!
//! M06, T34, A151.

#[test]
fn messages_of_the_model() {
    trybuild::TestCases::new().compile_fail("model/*.rs");
}

#[test]
fn messages_of_the_compiler() {
    trybuild::TestCases::new().compile_fail("types/*.rs");
}

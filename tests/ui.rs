//! What the compiler says about mistakes: one file per mistake, named after it.
//!
//! `ui/model` holds messages of ours, which should be the same with every compiler; `ui/types` holds messages of the
//! compiler with our words in them, so they depend on its version; `ui/pass` has to compile. To accept new texts,
//! read them, then run with `TRYBUILD=overwrite`.
//!
//! M06, T34, A151.

#[test]
fn messages_of_the_model() {
    trybuild::TestCases::new().compile_fail("tests/ui/model/*.rs");
}

/// With the default features only: the compiler shortens a name as far as no other crate in the build has it too.
#[cfg(all(feature = "sqlite", feature = "http"))]
#[test]
fn messages_of_the_compiler() {
    trybuild::TestCases::new().compile_fail("tests/ui/types/*.rs");
}

#[test]
fn what_has_to_compile() {
    trybuild::TestCases::new().pass("tests/ui/pass/*.rs");
}

//! A model as text, for programs and for people. Byte for byte the same for the same model.

#[cfg(feature = "runtime")]
mod json;
mod text;

#[cfg(feature = "runtime")]
pub use json::{canonical, fingerprint, model_json};

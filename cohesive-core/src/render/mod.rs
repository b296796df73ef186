//! The model as text.

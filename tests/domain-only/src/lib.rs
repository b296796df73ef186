//! A domain that names `cohesive` and nothing else: no runtime, no database, and not even the standard library.
//!
//! `cohesive` itself uses the standard library. What its macros write into this crate does not.

#![no_std]

extern crate alloc;

pub mod depot;
pub mod parcel;
pub mod route;

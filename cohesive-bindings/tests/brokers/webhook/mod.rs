//! Webhooks, over real sockets.

mod peer;
mod receiving;
mod sending;
mod suite;

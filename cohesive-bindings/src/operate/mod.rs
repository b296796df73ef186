//! Operating an application: is it well, what does it do, and how does it end.
//!
//! Read in this order: [`Health`] answers probes, [`Metrics`] answers scrapers, [`http`] puts both on routes,
//! [`Signals`] and [`Ending`] bring everything to its end in order, and [`Operations`] are the subcommands that an
//! operator types.

mod command;
mod ending;
mod health;
#[cfg(feature = "http")]
pub mod http;
mod judge;
mod metrics;
mod probe;
mod signals;

pub use command::{Exit, Operations};
pub use ending::{Ending, Interrupted};
pub use health::{Health, HealthOptions, Report};
pub use metrics::{Family, Kind, MEDIA_TYPE, Metrics, MetricsOptions, Sample, Source, Value};
pub use signals::{Signals, until_signal};

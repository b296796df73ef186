//! Who performs what the freight desk asks for.

use cohesive::prelude::*;

use crate::domain::Emit990Accept;

/// A stand-in for an EDI gateway: it prints what it would send. A real one hands on `call.key`, by which the other side
/// can tell a repeat.
pub struct Gateway;

impl Handle<Emit990Accept> for Gateway {
    async fn handle(&self, request: Emit990Accept, call: &EffectCall) -> Result<Nothing, EffectFailure> {
        println!(
            "990 accept: tender {} to partner {} (key {}, correlation {}, attempt {})",
            request.tender_id, request.partner_id, call.key, call.correlation, call.attempt
        );
        Ok(Nothing)
    }
}

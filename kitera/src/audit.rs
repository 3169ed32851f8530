//! Events of the audit trail for what no function does.

use credentials::{Random, hex};
use domain::{AuditAction, AuditEvent};

/// Returns the event of what the operator does now.
pub(crate) fn by_operator(action: AuditAction) -> AuditEvent {
    let request_id = hex(&Random::os().bytes::<8>());
    AuditEvent::by_operator(request_id, action, lambda::clock::now())
}

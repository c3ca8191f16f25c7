"""What the carrier's words about a page mean; the same whether it told us or was asked."""

from __future__ import annotations

from crisis_hub.domain.vocabulary import AttemptState

ATTEMPT_STATES = {
    "accepted": AttemptState.SENT,
    "queued": AttemptState.SENT,
    "sending": AttemptState.SENT,
    "sent": AttemptState.SENT,
    "initiated": AttemptState.SENT,
    "ringing": AttemptState.SENT,
    "delivered": AttemptState.DELIVERED,
    "read": AttemptState.DELIVERED,
    "in-progress": AttemptState.DELIVERED,
    "answered": AttemptState.DELIVERED,
    # A call that ended was answered by nobody who pressed a key, whatever picked it up.
    "completed": AttemptState.FAILED,
    "busy": AttemptState.FAILED,
    "no-answer": AttemptState.FAILED,
    "undelivered": AttemptState.FAILED,
    "failed": AttemptState.FAILED,
    "canceled": AttemptState.FAILED,
}

"""Figures for Prometheus: counts and ages, never a word or a number of anybody."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from crisis_hub.application.board import Board, Change
from crisis_hub.application.canary import Standing as Canary
from crisis_hub.application.lookups import FOUND, SENT_AGAIN
from crisis_hub.application.service import Service
from crisis_hub.domain.events import AttemptProgressed


class Telemetry:
    """Counts facts as they become true, and asks for the rest when somebody looks."""

    def __init__(self, board: Board, service: Service) -> None:
        self._board = board
        self._service = service
        self._registry = CollectorRegistry()
        self._facts = Counter("crisis_hub_facts", "Facts recorded, by type.", ["type"], registry=self._registry)
        self._tries = Counter(
            "crisis_hub_page_tries",
            "What became of single tries to page somebody; those sent again may have reached them twice.",
            ["outcome"],
            registry=self._registry,
        )
        self._gauges = {
            name: Gauge(f"crisis_hub_{name}", words, registry=self._registry)
            for name, words in (
                ("cases_open", "Cases that are not closed."),
                ("cases_waiting", "Cases that wait for a responder."),
                ("cases_high", "Open cases at high risk."),
                ("cases_imminent", "Open cases at imminent risk."),
                ("pages_open", "Ladders that nobody has taken yet."),
                ("ledger_sequence", "Number of the newest fact in the live picture."),
                (
                    "canary_age_seconds",
                    "How long ago a canary came back; -1 where there is none, or none did.",
                ),
                ("canary_call_age_seconds", "The same of canaries that fly as calls."),
                ("troubles", "Things that are wrong with the house itself."),
            )
        }
        board.watch(self._count)

    def text(self) -> bytes:
        """Return everything in Prometheus' text form."""
        now = self._service.standing()
        values = {
            "cases_open": now.open,
            "cases_waiting": now.waiting,
            "cases_high": now.high,
            "cases_imminent": now.imminent,
            "pages_open": now.pages_open,
            "ledger_sequence": self._board.sequence,
            "canary_age_seconds": _age(self._service.canary()),
            "canary_call_age_seconds": _age(self._service.canary_call()),
            "troubles": len(now.troubles),
        }
        for name, value in values.items():
            self._gauges[name].set(value)
        return generate_latest(self._registry)

    def _count(self, change: Change) -> None:
        fact = change.recorded.fact
        self._facts.labels(type(fact).__name__).inc()
        if isinstance(fact, AttemptProgressed):
            outcome = {SENT_AGAIN: "sent_again", FOUND: "found"}.get(fact.detail, fact.state.value)
            self._tries.labels(outcome).inc()


def _age(canary: Canary | None) -> float:
    return -1 if canary is None or canary.age_seconds is None else canary.age_seconds

"""Figures for Prometheus: counts and ages, never a word or a number of anybody."""

from __future__ import annotations

from prometheus_client import CollectorRegistry, Counter, Gauge, generate_latest

from crisis_hub.application.board import Board, Change
from crisis_hub.application.service import Service


class Telemetry:
    """Counts facts as they become true, and asks for the rest when somebody looks."""

    def __init__(self, board: Board, service: Service) -> None:
        self._board = board
        self._service = service
        self._registry = CollectorRegistry()
        self._facts = Counter("crisis_hub_facts", "Facts recorded, by type.", ["type"], registry=self._registry)
        self._gauges = {
            name: Gauge(f"crisis_hub_{name}", words, registry=self._registry)
            for name, words in (
                ("cases_open", "Cases that are not closed."),
                ("cases_waiting", "Cases that wait for a responder."),
                ("cases_high", "Open cases at high risk."),
                ("cases_imminent", "Open cases at imminent risk."),
                ("pages_open", "Ladders that nobody has taken yet."),
                ("ledger_sequence", "Number of the newest fact in the live picture."),
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
            "troubles": len(now.troubles),
        }
        for name, value in values.items():
            self._gauges[name].set(value)
        return generate_latest(self._registry)

    def _count(self, change: Change) -> None:
        self._facts.labels(type(change.recorded.fact).__name__).inc()

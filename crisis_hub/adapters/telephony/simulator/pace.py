"""How long things take at the carrier and in the networks behind it."""

from __future__ import annotations

from dataclasses import dataclass

_WORDS_PER_SECOND = 2.7


@dataclass(frozen=True, slots=True)
class Pace:
    """Seconds for each thing that is not a person's doing; small, as on a good day."""

    text_sent: float = 0.1
    text_delivered: float = 0.4
    text_arrives: float = 0.1
    call_starts: float = 0.2
    machine_known: float = 3.0
    sound: float = 5.0
    speech: bool = True
    """Whether spoken words take the time they would take."""

    def spoken(self, words: str) -> float:
        """Return how long the words last."""
        return max(0.3, len(words.split()) / _WORDS_PER_SECOND) if self.speech else 0.0

"""What the proof has to say: for each promise whether it holds, of how many cases, and the smallest case against it."""

from __future__ import annotations

from dataclasses import dataclass, field

TITLES = {
    "a": "A worse answer never lowers the risk nor takes away care.",
    "b": "A missing answer never counts for less than the best real one.",
    "c": "No rule and no level is dead, and no rule is shadowed by others.",
    "d": "Whoever is at high risk or above is on a ladder that ends in somebody, and then in the alarm.",
    "e": "The built-in floor holds whichever files are taken away or say otherwise.",
    "f": "The same answers in any order lead to the same risk.",
}
"""What is promised."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One case against a promise; `confirmed` is false where the proof was not possible, which is no proof either.

    `example` are the fewest answers, `before` and `after` what holds without and with the change, `rule` the rule or
    instrument that it comes from.
    """

    promise: str
    sentence: str
    rule: str = ""
    example: str = ""
    before: str = ""
    after: str = ""
    confirmed: bool = True


@dataclass(slots=True)
class Promise:
    """One promise: what was found against it, how many cases were walked for it, and how they were made fewer."""

    letter: str
    findings: list[Finding] = field(default_factory=list)
    walked: int = 0
    how: str = ""

    @property
    def title(self) -> str:
        """Return the promise in words."""
        return TITLES[self.letter]

    @property
    def holds(self) -> bool:
        """Say whether nothing was found against it and nothing was left open."""
        return not self.findings


def not_proved(promise: str, rule: str, why: str) -> Finding:
    """Return that something could not be decided."""
    return Finding(promise, f"This could not be proved: {why}.", rule, confirmed=False)

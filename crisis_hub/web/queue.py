"""Where a case stands among those who wait, as it is shown: like whom, why, and until when at most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from crisis_hub.domain import queue
from crisis_hub.domain.case import Case
from crisis_hub.domain.queue import WORDS, Waits
from crisis_hub.domain.rules import Rulebook
from crisis_hub.domain.vocabulary import CaseState
from crisis_hub.web import schemas as s
from crisis_hub.web.parts import Parts


def rank_out(case: Case, waits: Waits) -> s.RankOut | None:
    """Return how a case stands among those who wait, or nothing when nobody waits in it.

    That somebody has waited too long is not said here, since it becomes true while nothing is sent: `overdue_at` is.
    """
    if case.state is not CaseState.WAITING:
        return None
    rank = queue.rank(case, waits)
    return s.RankOut(
        like=rank.like,
        because=[s.ReasonOut(reason=reason, words=WORDS[reason]) for reason in rank.reasons],
        longest_wait_seconds=int(rank.longest.total_seconds()),
        overdue_at=rank.overdue_at,
    )


def in_order(parts: Parts, cases: Iterable[Case]) -> list[Case]:
    """Return cases in the order in which they need somebody now."""
    return queue.in_order(cases, parts.clock.now(), parts.rulebook().waits)


def noticed_out(case: Case, rulebook: Rulebook) -> list[s.NoticedOut]:
    """Return which words of the person spoke of danger, in the sentences of the lexicon that is in force now."""
    because: Mapping[str, str] = {entry.id: entry.because for entry in rulebook.lexicon.entries}
    return [
        s.NoticedOut(
            message=one.message,
            entry=one.entry,
            says=one.says,
            because=because.get(one.entry, WORDS[queue.Reason(one.says.value)]),
        )
        for one in case.noticed
    ]

"""What is news about coverage: said once when it becomes true and once when it is mended, and not again meanwhile.

Days go by and the horizon moves, so the same gap looks different each time. Within what was looked at before, any span
that was not told of is news. Beyond it, an empty span is no news when the turns alone leave it empty and another like
it was told of: a night that nobody ever covers is told of once and not every night.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from crisis_hub.domain.events import Lacking
from crisis_hub.domain.lacks import Finding, Lack

_SPANS = (Lack.NOBODY, Lack.NOBODY_REACHED, Lack.ON_LEAVE)
"""What is wrong for a while; everything else is wrong or it is not, whatever the hours that are told with it."""

_SOON = timedelta(hours=12)
_WAKING, _ASLEEP = time(8), time(21)
_STALE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Told:
    """What is known to have been told of one rota or ladder, and up to which instant was looked."""

    lacks: tuple[Lacking, ...] = ()
    until: datetime | None = None


NEVER_TOLD = Told()


@dataclass(frozen=True, slots=True)
class News:
    """What became wrong and what was mended; `lacks` is what is to be kept as told."""

    found: tuple[Finding, ...]
    mended: tuple[Lacking, ...]
    lacks: tuple[Lacking, ...]

    def __bool__(self) -> bool:
        """Say whether there is anything to tell."""
        return bool(self.found or self.mended)


def news(told: Told, found: Sequence[Finding], now: datetime, timezone: str) -> News:
    """Return what is to be told, given what was told before and what is found now."""
    current = tuple(one for one in told.lacks if one.end is None or one.end > now or one.lack not in _SPANS)
    fresh = tuple(one for one in found if not _was_told(one, told.lacks, told.until, now, timezone))
    mended = tuple(one for one in current if not any(_same(one, other) for other in found))
    return News(fresh, mended, tuple(lacking(one) for one in found))


def worth_keeping(told: Told, found: Sequence[Finding], now: datetime) -> bool:
    """Say whether what was told has to be written down anew although nothing is news: what is known of a gap that
    comes again must not run out."""
    return bool(found) and told.until is not None and told.until - now < _STALE


def lacking(found: Finding) -> Lacking:
    """Return a finding as it is kept."""
    return Lacking(found.lack.value, found.told, found.red, found.who, found.start, found.end, found.planned)


def when_to_tell(now: datetime, found: Iterable[Finding], timezone: str) -> datetime:
    """Return when to write to people: at once when it is day, or when something red begins soon or has begun; else in
    the morning."""
    zone = ZoneInfo(timezone)
    urgent = any(one.red and (one.start is None or one.start - now <= _SOON) for one in found)
    local = now.astimezone(zone)
    if urgent or _WAKING <= local.time() < _ASLEEP:
        return now
    day = local.date() if local.time() < _WAKING else local.date() + timedelta(days=1)
    return datetime.combine(day, _WAKING, zone).astimezone(now.tzinfo)


def _was_told(found: Finding, told: Iterable[Lacking], until: datetime | None, now: datetime, timezone: str) -> bool:
    alike = [one for one in told if one.lack == found.lack and one.who == found.who]
    if found.lack not in _SPANS or found.start is None or found.end is None:
        return bool(alike)
    if until is None:
        return False
    if found.start < until:
        held = _held(max(found.start, now), min(found.end, until), alike)
        # What was cut off at the horizon may turn out to be longer, but not to have another reason.
        return held and (found.end <= until or any(one.planned is found.planned for one in alike if _ends(one, until)))
    return found.planned and any(one.planned and _comes_again(one, found, timezone) for one in alike)


def _held(start: datetime, end: datetime, told: Iterable[Lacking]) -> bool:
    """Say whether a span lies wholly in what was told, were it in several pieces."""
    for one in sorted(told, key=lambda x: x.start or start):
        if one.start is not None and one.end is not None and one.start <= start < one.end:
            start = one.end
    return start >= end


def _ends(told: Lacking, until: datetime) -> bool:
    return told.end is not None and told.end >= until


def _comes_again(before: Lacking, found: Finding, timezone: str) -> bool:
    """Say whether this is the same hole some weeks later, by the clock on the wall."""
    if before.start is None or before.end is None or found.start is None or found.end is None:
        return False
    zone = ZoneInfo(timezone)
    then, now = (at.astimezone(zone).replace(tzinfo=None) for at in (before.start, found.start))
    ended, ends = (at.astimezone(zone).replace(tzinfo=None) for at in (before.end, found.end))
    same_hour = (then.weekday(), then.time()) == (now.weekday(), now.time())
    return same_hour and ends - now <= ended - then


def _same(told: Lacking, found: Finding) -> bool:
    if (told.lack, told.who) != (found.lack, found.who):
        return False
    if found.lack not in _SPANS or not (told.start and told.end and found.start and found.end):
        return True
    return told.start < found.end and found.start < told.end

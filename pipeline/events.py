"""The same meeting told by several documents: reports that share two parties, and agree in day, place and manner.

A report with a day agrees with another whose days overlap. A report without a date stands for the days around the
publication of its document, and one without either joins nothing, for an unknown date is not guessed. Months and
years are too wide to tell two meetings of the same parties apart, so such a report stands alone.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

_BEFORE, _AFTER = timedelta(days=3), timedelta(days=1)
_LONGEST = timedelta(days=10)  # a longer stay is no day that two reports could agree on


@dataclass(frozen=True, slots=True)
class Report:
    """A meeting of one document, seen from two of its parties (``one`` < ``other``).

    ``first`` and ``last`` are ISO days where the text gives them; ``undated`` where it gives no date at all;
    ``wide`` where the place is a country.
    """

    one: str
    other: str
    meeting_id: str
    doc_id: str
    call: bool
    place: str
    wide: bool
    first: str | None
    last: str | None
    undated: bool
    published: str | None


@dataclass(slots=True)
class _Event:
    """Reports joined so far, and the days on which all of them agree."""

    meeting_id: str
    doc_ids: set[str]
    call: bool
    places: set[tuple[str, bool]]
    first: date
    last: date


@dataclass(frozen=True, slots=True)
class Link:
    """Two meetings that tell of one event, and why."""

    meeting_id: str
    with_meeting_id: str
    reason: str


def link_reports(reports: Iterable[Report]) -> Iterator[Link]:
    """Links between reports of one event; the reports come sorted by parties, then day, then document."""
    for _, pair in groupby(reports, key=lambda report: (report.one, report.other)):
        events: list[_Event] = []
        for report in pair:
            days = _days(report)
            if days is None:
                continue
            events = [event for event in events if event.last >= days[0] - _LONGEST]
            joined = next((event for event in events if _agree(event, report, days)), None)
            if joined is None:
                places = {(report.place, report.wide)} if report.place else set()
                events.append(_Event(report.meeting_id, {report.doc_id}, report.call, places, *days))
                continue
            yield Link(report.meeting_id, joined.meeting_id, _reason(report))
            joined.doc_ids.add(report.doc_id)
            joined.first, joined.last = max(joined.first, days[0]), min(joined.last, days[1])
            if report.place:
                joined.places.add((report.place, report.wide))


def assign_events(
    parties_by_meeting: Mapping[str, frozenset[str]], links: Iterable[Link]
) -> Iterator[tuple[str, str, str]]:
    """(meeting, event, reason) for every meeting; the event's id is made from the smallest id of its meetings.

    The reports that are most alike are joined first. Two parties in common are not enough for longer lists: a host
    sees one guest after another with the same men beside him, so reports are one event only where more than half of
    the shorter list, of those whom most of an event's reports name, is common to both.
    """
    groups = _Groups(parties_by_meeting)
    reason_of_pair: dict[tuple[str, str], str] = {}  # two long lists are linked by each two of their parties
    for link in links:
        pair = (min(link.meeting_id, link.with_meeting_id), max(link.meeting_id, link.with_meeting_id))
        reason_of_pair[pair] = min(reason_of_pair.get(pair, link.reason), link.reason)
    reasons: dict[str, str] = {}
    for low, high in sorted(reason_of_pair, key=groups.rank):
        if groups.join(low, high):
            for meeting_id in (low, high):
                reason = reason_of_pair[low, high]
                reasons[meeting_id] = min(reasons.get(meeting_id, reason), reason)
    for meeting_id in sorted(parties_by_meeting):
        digest = hashlib.blake2b(groups.root(meeting_id).encode(), digest_size=8).hexdigest()
        yield meeting_id, f"V{digest}", reasons.get(meeting_id, "single")


class _Groups:
    """Meetings joined so far, and how many of a group's reports name each party."""

    def __init__(self, parties_by_meeting: Mapping[str, frozenset[str]]) -> None:
        self._parties = parties_by_meeting
        self._parents: dict[str, str] = {}
        self._votes: dict[str, Counter[str]] = {}
        self._sizes: dict[str, int] = {}

    def root(self, meeting_id: str) -> str:
        """The smallest id of the meeting's group."""
        while meeting_id in self._parents:
            meeting_id = self._parents[meeting_id]
        return meeting_id

    def rank(self, pair: tuple[str, str]) -> tuple[float, str, str]:
        """The place of two meetings in the order of joining: by the share of parties that both reports name."""
        one, other = (self._parties[meeting_id] for meeting_id in pair)
        return -len(one & other) / len(one | other), *pair

    def join(self, one: str, other: str) -> bool:
        """Make one group of two where their parties allow it; true where they are one now."""
        low, high = sorted((self.root(one), self.root(other)))
        if low == high:
            return True
        named = [self._named(group) for group in (low, high)]
        common = len(named[0] & named[1])
        if common < 2 or 2 * common <= min(map(len, named)):
            return False
        votes = self._votes_of(low) + self._votes_of(high)
        self._sizes[low] = self._sizes.get(low, 1) + self._sizes.pop(high, 1)
        self._votes.pop(high, None)
        self._votes[low] = votes
        self._parents[high] = low
        return True

    def _votes_of(self, group: str) -> Counter[str]:
        return self._votes.get(group) or Counter(self._parties[group])

    def _named(self, group: str) -> set[str]:
        """The parties that at least half of the reports name."""
        size = self._sizes.get(group, 1)
        return {party for party, votes in self._votes_of(group).items() if 2 * votes >= size}


def _days(report: Report) -> tuple[date, date] | None:
    """The days on which the meeting can have been, None where too little is known."""
    if report.first and report.last:
        first, last = date.fromisoformat(report.first), date.fromisoformat(report.last)
        return (first, last) if last - first <= _LONGEST else None
    if report.undated and report.published:
        published = date.fromisoformat(report.published)
        return published - _BEFORE, published + _AFTER
    return None


def _agree(event: _Event, report: Report, days: tuple[date, date]) -> bool:
    if report.call != event.call or report.doc_id in event.doc_ids:
        return False
    if days[0] > event.last or days[1] < event.first:
        return False
    same_grain = {place for place, wide in event.places if wide == report.wide}
    return not report.place or not same_grain or report.place in same_grain


def _reason(report: Report) -> str:
    day = report.first if report.first else f"around {report.published}"
    return f"{report.one} and {report.other}, {day}"

"""Names that are coordinated: X وY, X، وY, X فY, with titles between them but no verb or preposition."""

from __future__ import annotations

from pipeline.meetings.cues import cue_of
from pipeline.meetings.phrases import is_mark, title_clitic
from pipeline.meetings.triggers import read_form
from pipeline.meetings.view import Link, View
from pipeline.schema import EntityType

_BARRIERS = frozenset(
    {
        "with",
        "between",
        "to",
        "from",
        "on",
        "during",
        "after",
        "beforehand",
        "report",
        "that",
        "which",
        "head",
        "attend",
    }
)


def find_chains(view: View, sentence: int) -> dict[int, tuple[Link, int]]:
    """By token of a listed name: the name that opens its list, and its place in the list (1 up)."""
    found: dict[int, tuple[Link, int]] = {}
    previous: Link | None = None
    for link in view.links[sentence]:
        if link.type is not EntityType.PER:
            continue
        if previous is not None and link.first > previous.last and _coordinated(view, previous, link):
            head, place = found.get(previous.first, (previous, 0))
            found[link.first] = (head, place + 1)
        previous = link
    return found


def _coordinated(view: View, left: Link, right: Link) -> bool:
    row, titled = view.words[left.sentence], view.titled[left.sentence]
    joined = right.clitic[:1] in ("و", "ف") or (
        right.start > 0 and (is_mark(row[right.start - 1]) or row[right.start - 1] == "و")
    )
    if not joined or (right.clitic[:1] not in ("و", "ف") and _set_apart(view, left, right)):
        return False
    inside = {
        i
        for link in view.links[left.sentence]
        if link.type is not EntityType.PER
        for i in range(link.first, link.last + 1)
    }
    rest = 0
    for at in range(left.last + 1, right.start):
        word = row[at]
        if at in titled or at in inside or is_mark(word) or word == "و":
            continue
        if cue_of(word) in _BARRIERS and word not in ("من",):
            return False
        form = read_form(word)
        if form is not None and form.pos == "verb" and title_clitic(word) is None:
            return False
        if not word.startswith(("ال", "وال", "لل")) and title_clitic(word) is None:
            rest += 1
    return rest <= 3


def _set_apart(view: View, left: Link, right: Link) -> bool:
    """Whether a day or a place stands between two names that marks alone join: استقبل X، الأحد، السفير Y is no list."""
    row = view.words[left.sentence]
    if row[right.start - 1] == "و":
        return False
    if any(cue_of(word) == "in" for word in row[left.last + 1 : right.start]):
        return True
    days = (view.words_of(day) for day in view.dates_in[left.sentence])
    return any(left.last < first and last < right.start for _, first, last in days)

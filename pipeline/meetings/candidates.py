"""Who might be a party of what: every trigger with the entities around it, chosen for recall."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, takewhile

from pipeline.folded import fold_word
from pipeline.gazetteer import read_groups
from pipeline.meetings.chains import find_chains
from pipeline.meetings.cues import cue_of
from pipeline.meetings.phrases import is_mark, title_clitic
from pipeline.meetings.view import Link, Trigger, View
from pipeline.schema import EntityType

_OPENING = 4  # words of a sentence that may tell that it is about something else
_GOVERN = frozenset({"to", "with", "that", "from", "report"})  # cues after which a title is somebody else's
_TITLE = 6  # words of a title before the comma after which its bearer is named
_OPENING_LINES = 2
_BYLINE = 12  # words at the beginning of a text in which its writer may be named
_DASHES = frozenset("-–—")
_RELAYED = 9  # words in which whoever relays what another one said is followed by عن
_APPOSITION = 4  # words with an article that may stand between a noun and the name that it is of
_GLUED = "وبل"  # letters that may stand before a noun
REACH = 2  # sentences before the trigger whose persons may be its parties


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entity that may be a party of the event that the trigger tells; ``link`` is its nearest telling."""

    trigger: int
    entity_id: str
    link: Link
    where: str
    both_sides: bool = False


def find_candidates(view: View) -> list[list[Candidate]]:
    """The candidates of each trigger: entities of its sentence, persons of the sentences near and of the headline."""
    links = [_present(view, index) for index in range(len(view.links))]
    return [_candidates(view, links, number, trigger) for number, trigger in enumerate(view.triggers)]


def _present(view: View, sentence: int) -> Sequence[Link]:
    """The links of a sentence but for persons who are away, who send a letter, are stood in for, or told as kin.

    Whoever stands in a list with one of them is away as well, and so is the title after a name.
    """
    words = view.words[sentence]
    row = [link for link in view.links[sentence] if not (sentence < _OPENING_LINES and _is_byline(view, link))]
    persons = [link for link in row if link.type is EntityType.PER]
    if not any(_is_away(words, link) for link in persons):
        return row
    heads = {at: head.first for at, (head, _) in find_chains(view, sentence).items()}
    away: set[Link] = set()
    gone: set[int] = set()  # where their names begin
    before: Link | None = None
    for link in persons:
        titled = before is not None and before in away and _is_title_of(words, before, link)
        if _is_away(words, link) or heads.get(link.first) in gone or titled:
            away.add(link)
            gone.add(link.first)
        before = link
    return [link for link in row if link not in away]


def _is_byline(view: View, link: Link) -> bool:
    """Whether a bare name stands before a colon with a place and a dash and hardly a word more: بيروت - فلان: قال."""
    words, row = view.words[link.sentence], view.links[link.sentence]
    colon = next((at for at, word in enumerate(words[:_BYLINE]) if word == ":"), None)
    if colon is None or link.last >= colon or link.type is not EntityType.PER or link.start < link.first:
        return False
    named = {at for other in row for at in range(other.first, other.last + 1)}
    besides = sum(1 for at in range(colon) if at not in named and not is_mark(words[at]))
    place = any(other.type is EntityType.LOC and other.last < colon for other in row)
    return place and besides <= 1 and not _DASHES.isdisjoint(words[:colon])


def _is_title_of(words: Sequence[str], before: Link, link: Link) -> bool:
    """Whether a person is told again right after the name, or a title stands there that belongs to it."""
    between = words[before.last + 1 : link.start]
    if before.entity_id == link.entity_id:
        return True
    return link.kind == "title" and not link.clitic and not any(is_mark(w) or cue_of(w) in _GOVERN for w in between)


def _is_away(words: Sequence[str], link: Link) -> bool:
    """Whether the words around a person keep him away (غاب, نيابة عن), or he wrote or relayed it (- من فلان -)."""
    after = words[link.last + 1 : link.last + 3]
    before = words[max(0, link.start - 2) : link.start]
    if before[1:] == ["من"] and after and is_mark(before[0]) and is_mark(after[0]):
        return link.start == link.first
    if not _keys(after[:1], after).isdisjoint(read_groups("meeting_words", "absent", fold_word)):
        return True
    relays = read_groups("meeting_words", "relays", fold_word)
    if not relays.isdisjoint(before[-1:]) and "عن" in takewhile(lambda word: not is_mark(word), _behind(words, link)):
        return True
    if _is_source(words, link) or _is_in_genitive(words, link):
        return True
    away = read_groups("meeting_words", "away", fold_word)
    return not {*_keys(before[-1:], before), *_governors(words, link)}.isdisjoint(away)


def _is_source(words: Sequence[str], link: Link) -> bool:
    """Whether the report goes by the person's word: بحسب الوزير فلان, كما أفاد به المتحدث باسم الوزارة، فلان."""
    sources = read_groups("meeting_words", "source", fold_word)
    places = [link.start]
    if link.start > 1 and words[link.start - 1] == "،":
        title = range(max(0, link.start - 1 - _TITLE), link.start - 1)
        places += [at for at in title if title_clitic(words[at]) is not None]
    return any(not _keys(words[at - 1 : at], words[max(0, at - 2) : at]).isdisjoint(sources) for at in places if at)


def _is_in_genitive(words: Sequence[str], link: Link) -> bool:
    """Whether a bare name stands right after a noun that is of him, and tells of others: محامي فلان, حكومة فلان."""
    noun = words[link.first - 1] if link.first and link.kind == "name" else ""
    nouns = read_groups("meeting_words", "genitive", fold_word)
    return noun in nouns or (noun[:1] in _GLUED and noun[1:] in nouns)


def _behind(words: Sequence[str], link: Link) -> Sequence[str]:
    return words[link.last + 1 : link.last + 1 + _RELAYED]


def _keys(one: Sequence[str], two: Sequence[str]) -> set[str]:
    return {*one, " ".join(two)}


def _governors(words: Sequence[str], link: Link) -> Iterator[str]:
    """The nouns that govern a name over words with an article: قضية الكاتب السوري، فلان and قائد لواء الأمير فلان."""
    at = link.first
    while at > link.start and words[at - 1].startswith("ال") and title_clitic(words[at - 1]) == "":
        at -= 1
    if link.start < at < link.first:
        yield words[at - 1]
    comma = link.start > 1 and words[link.start - 1] == "،"
    at = first = link.start - comma
    while first > 0 and at - first < _APPOSITION and words[first - 1].startswith(("ال", "وال")):
        first -= 1
    if 0 < first < at:
        yield words[first - 1]


def _candidates(view: View, links: Sequence[Sequence[Link]], number: int, trigger: Trigger) -> list[Candidate]:
    found: dict[str, Candidate] = {}
    sides: dict[str, set[bool]] = {}
    for link in sorted(links[trigger.sentence], key=lambda link: (distance(trigger, link), link.kind != "name")):
        after = link.start > trigger.token
        sides.setdefault(link.entity_id, set()).add(after)
        where = "at" if link.first <= trigger.token <= link.last else "after" if after else "before"
        found.setdefault(link.entity_id, Candidate(number, link.entity_id, link, where))
    for entity_id, seen in sides.items():
        if len(seen) == 2:
            one = found[entity_id]
            found[entity_id] = Candidate(number, entity_id, one.link, one.where, True)
    for back in range(1, REACH + 1):
        if trigger.sentence - back >= 0:
            if turns_away(view.words[trigger.sentence - back + 1]):
                break
            for link in reversed(links[trigger.sentence - back]):
                if link.type is EntityType.PER:
                    found.setdefault(link.entity_id, Candidate(number, link.entity_id, link, f"prev{back}"))
    if trigger.sentence + 1 < len(links) and not turns_away(view.words[trigger.sentence + 1]):
        for link in links[trigger.sentence + 1]:
            if link.type is EntityType.PER:
                found.setdefault(link.entity_id, Candidate(number, link.entity_id, link, "next"))
    for row in links[: 0 if turns_away(view.words[trigger.sentence]) else 2]:
        for link in row:
            if link.type is EntityType.PER:
                found.setdefault(link.entity_id, Candidate(number, link.entity_id, link, "head"))
    return list(found.values())


def turns_away(row: Sequence[str]) -> bool:
    """Whether a sentence begins with words such as وفي سياق منفصل, or as a piece of news in brief (** عمان: قال)."""
    if row and row[0].startswith("**"):
        return True
    turns = read_groups("meeting_words", "elsewhere", fold_word)
    return any(f"{one} {other}" in turns for one, other in pairwise(row[:_OPENING]))


def distance(trigger: Trigger, link: Link) -> int:
    """Tokens between the trigger and the noun phrase, 0 where they touch or overlap."""
    if link.start > trigger.token:
        return link.start - trigger.token - 1
    if link.last < trigger.token:
        return trigger.token - link.last - 1
    return 0

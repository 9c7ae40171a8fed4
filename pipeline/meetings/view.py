"""A document as the meeting rules see it: folded words by sentence, and who is spoken of where."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.dates import find_datelines
from pipeline.folded import fold_word
from pipeline.gazetteer import person_country, read_groups
from pipeline.kept import kept_while_same
from pipeline.meetings.contexts import in_context
from pipeline.meetings.cues import cue_of
from pipeline.meetings.phrases import phrase_clitic, phrase_start
from pipeline.meetings.triggers import Form, read_form
from pipeline.schema import Analysis, DateExpression, Entity, EntityType, Span
from pipeline.units import folded_words, token_starts

SCENES = ("sport", "culture")
SCENE_SHARE = 0.025  # of a document's words
_SCENE_WORDS = 3  # of them at least


@dataclass(frozen=True, slots=True)
class Link:
    """Words of a sentence that stand for an entity: a name, or a title, pronoun or peer word that refers to it.

    ``first`` and ``last`` are token indices in the sentence; ``start`` is the first token of the whole noun phrase
    with the titles before the name, and ``clitic`` the letters glued before that token.
    """

    entity_id: str
    type: EntityType
    span: Span
    kind: str
    sentence: int
    first: int
    last: int
    start: int
    clitic: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a place is named: the cue of the preposition it stands under, and whether it is part of a person's title.

    ``orders`` tell for each other place near it whether this one comes first or second (alone: there is none), and
    ``travel`` the word of a journey to it; both cues are empty where there is none.
    """

    governor: str
    titled: bool
    orders: tuple[str, ...]
    travel: str


@dataclass(frozen=True, slots=True)
class Site:
    """A place as the whole document tells of it: what kind of place it is, and of which country (empty: unknown).

    ``governors`` are the cues that its names stand under, by sentence, of several the last in the alphabet;
    ``governed`` the sentences of its names outside titles, one by one, by the cues that tell where to or whence;
    ``arrivals`` the sentences that tell of a journey to it, each with the word for that.
    """

    kind: str
    country: str
    governors: Mapping[int, str]
    governed: Mapping[str, Sequence[int]]
    arrivals: Sequence[tuple[int, str]]


@dataclass(frozen=True, slots=True)
class Trigger:
    """A word of a sentence that may tell of a meeting."""

    span: Span
    sentence: int
    token: int
    word: str
    form: Form


@dataclass(slots=True)
class View:
    """What the features read; built once for a document. ``voices`` are spokespersons, who tell of others' meetings.

    ``represented`` holds the countries that a person of the document holds an office of, ``officials`` all that are no
    person, hold an office or are known to have held one; ``scene`` tells a page of sport or culture; ``places`` are the
    links that name one. ``tellings`` are all links of an entity, in their order, and ``ranks`` tell how many entities
    have more of them. ``standings`` and ``sites`` remember what was asked of places. ``stamps`` are the dates of the
    datelines.
    """

    analysis: Analysis
    words: list[list[str]]
    links: list[list[Link]]
    triggers: list[Trigger]
    entities: Mapping[str, Entity]
    counts: Counter[str]
    countries: Mapping[str, str] = field(default_factory=dict)
    titled: list[dict[int, int]] = field(default_factory=list)
    headline: frozenset[str] = frozenset()
    n_words: int = 0
    voices: frozenset[str] = frozenset()
    represented: frozenset[str] = frozenset()
    officials: frozenset[str] = frozenset()
    scene: str = ""
    places: list[list[Link]] = field(default_factory=list)
    tellings: Mapping[str, Sequence[Link]] = field(default_factory=dict)
    ranks: Mapping[str, int] = field(default_factory=dict)
    triggers_in: list[list[Trigger]] = field(default_factory=list)
    dates_in: list[list[DateExpression]] = field(default_factory=list)
    standings: dict[Link, Standing] = field(default_factory=dict)
    stamps: frozenset[DateExpression] = frozenset()
    sites: dict[str, Site] = field(default_factory=dict)

    def words_of(self, day: DateExpression) -> tuple[int, int, int]:
        """The sentence of a date expression and its first and last word there."""
        starts = token_starts(self.analysis)[day.sentence]
        first, end = bisect_right(starts, day.span.start) - 1, bisect_right(starts, day.span.end - 1)
        return day.sentence, max(0, first), max(0, end - 1)


@kept_while_same("document", "sentences", "mentions", "entities", "positions", "references", "dates")
def build_view(analysis: Analysis) -> View:
    """The view of a document with its sentences, mentions, entities, positions and references."""
    words = [in_context(row) for row in folded_words(analysis)]
    entities = {entity.entity_id: entity for entity in analysis.entities}
    titled = _title_tokens(analysis)
    links = _find_links(analysis, words, entities, titled)
    triggers_in = _find_triggers(analysis, words, links)
    dates_in: list[list[DateExpression]] = [[] for _ in words]
    for day in analysis.dates:
        dates_in[day.sentence].append(day)
    tellings: dict[str, list[Link]] = {}
    for link in (link for row in links for link in row):
        tellings.setdefault(link.entity_id, []).append(link)
    counts = Counter({entity_id: len(told) for entity_id, told in tellings.items()})
    in_order = sorted(counts.values())
    countries = _countries(analysis)
    persons = {link.entity_id for row in links for link in row if link.type is EntityType.PER}
    return View(
        analysis,
        words,
        links,
        triggers=[trigger for row in triggers_in for trigger in row],
        entities=entities,
        counts=counts,
        countries=countries,
        titled=titled,
        headline=frozenset(link.entity_id for row in links[:1] for link in row),
        n_words=sum(map(len, words)),
        voices=frozenset(p.entity_id for p in analysis.positions if cue_of(fold_word(p.title.split()[0])) == "voice"),
        represented=frozenset(country for entity_id, country in countries.items() if entity_id in persons),
        officials=_officials(analysis),
        scene=scene_of(word for row in words for word in row),
        places=[[link for link in row if link.type is EntityType.LOC and link.kind == "name"] for row in links],
        tellings=tellings,
        ranks={entity_id: len(in_order) - bisect_right(in_order, count) for entity_id, count in counts.items()},
        triggers_in=triggers_in,
        dates_in=dates_in,
        stamps=_stamps(analysis),
    )


def _find_triggers(
    analysis: Analysis, words: Sequence[Sequence[str]], links: Sequence[Sequence[Link]]
) -> list[list[Trigger]]:
    """The triggers of each sentence, in order; a word of a name is none."""
    found: list[list[Trigger]] = []
    for index, row in enumerate(words):
        told = [(at, word, form) for at, word in enumerate(row) if (form := read_form(word)) is not None]
        named = [link for link in links[index] if told and link.kind == "name"]
        tokens = analysis.sentences[index].tokens
        found.append(
            [
                Trigger(tokens[at].span, index, at, word, form)
                for at, word, form in told
                if not any(link.first <= at <= link.last for link in named)
            ]
        )
    return found


def _stamps(analysis: Analysis) -> frozenset[DateExpression]:
    """The dates that stand in a dateline, where there are others beside."""
    datelines = find_datelines(analysis.document.text) if len(analysis.dates) > 1 else ()
    return frozenset(d for d in analysis.dates for line in datelines if line.start <= d.span.start < line.end)


def scene_of(words: Iterable[str], share: float = SCENE_SHARE) -> str:
    """``sport`` or ``culture`` where at least ``share`` of the folded words are of such a page, else empty."""
    known = list(words)
    counts = {scene: sum(map(read_groups("scene_words", scene, fold_word).__contains__, known)) for scene in SCENES}
    scene, count = max(counts.items(), key=lambda item: (item[1], item[0]))
    return scene if count >= max(_SCENE_WORDS, share * len(known)) else ""


def _title_tokens(analysis: Analysis) -> list[dict[int, int]]:
    """By sentence: token index -> number of the position whose title covers the token."""
    titled: list[dict[int, int]] = [{} for _ in analysis.sentences]
    starts = [sentence.span.start for sentence in analysis.sentences]
    for number, position in enumerate(analysis.positions):
        index = bisect_right(starts, position.span.start) - 1
        if index >= 0 and position.span.start < analysis.sentences[index].span.end:
            for at, token in enumerate(analysis.sentences[index].tokens):
                if token.span.start < position.span.end and position.span.start < token.span.end:
                    titled[index][at] = number
    return titled


def _countries(analysis: Analysis) -> dict[str, str]:
    """Entity -> the country that it is, or that it holds an office of."""
    found: dict[str, str] = {}
    for position in analysis.positions:
        if position.of_country and position.entity_id not in found:
            found[position.entity_id] = position.of_country
    return found | {entity.entity_id: entity.country for entity in analysis.entities if entity.country}


def _officials(analysis: Analysis) -> frozenset[str]:
    """Bodies and places, and the persons who hold an office here or are known to have held one."""
    holders = {position.entity_id for position in analysis.positions}
    return frozenset(
        entity.entity_id
        for entity in analysis.entities
        if entity.type is not EntityType.PER or entity.entity_id in holders or person_country(entity.name)
    )


def _find_links(
    analysis: Analysis, words: list[list[str]], entities: Mapping[str, Entity], titled: list[dict[int, int]]
) -> list[list[Link]]:
    owner = {link.mention: entity for entity in analysis.entities for link in entity.links}
    spoken = [(m.span, owner[i].entity_id, "name", m.sentence) for i, m in enumerate(analysis.mentions) if i in owner]
    spoken += [(r.span, r.entity_id, r.kind, r.sentence) for r in analysis.references if r.entity_id in entities]
    by_sentence: dict[int, list[tuple[Span, str, str]]] = defaultdict(list)
    for span, entity_id, kind, index in spoken:
        by_sentence[index].append((span, entity_id, kind))
    rows: list[list[Link]] = []
    for index, starts in enumerate(token_starts(analysis)):
        row: list[Link] = []
        for span, entity_id, kind in sorted(by_sentence.get(index, ()), key=lambda one: (one[0], one[2])):
            first = max(0, bisect_right(starts, span.start) - 1)
            last = max(first, bisect_right(starts, span.end - 1) - 1)
            type_ = entities[entity_id].type
            inside = _inside(row) if type_ is EntityType.PER else None
            left = max((link.last + 1 for link in row if link.last not in (inside or {})), default=0)
            start = phrase_start(words[index], first, left, titled[index], inside)
            offset = span.start - starts[first] if start == first else 0
            clitic = words[index][first][:offset] if start == first else phrase_clitic(words[index][start])
            row.append(Link(entity_id, type_, span, kind, index, first, last, start, clitic))
        rows.append(row)
    return rows


def _inside(row: Sequence[Link]) -> dict[int, str]:
    """The tokens of bodies and places, each with the letters glued before it."""
    return {
        at: link.clitic if at == link.first == link.start else ""
        for link in row
        if link.type is not EntityType.PER
        for at in range(link.first, link.last + 1)
    }

"""Who may be recalled by a title: the positions of a document, and which of them are of the text's own country.

A text names its own country's offices bare (رئيس الجمهورية) and others' with their country (الرئيس الفرنسي).
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from pipeline.gazetteer import find_country, find_nisba, read_groups, strip_article, title_heads
from pipeline.normalize import fold
from pipeline.schema import Analysis, Entity, EntityType, Position
from pipeline.titles import TitlePhrase
from pipeline.units import Unit, split_word

_SHORT = 3
"""Letters of a word that is too short to have a conjunction before it."""
_BARE = frozenset(
    {
        "head",
        "minister",
        "monarch",
        "diplomat",
        "envoy",
        "heir",
        "prince",
        "secretary",
        "governor",
        "coach",
        "religious",
    }
)
"""Categories whose bare definite form (الرئيس) may stand for the last person who bore such a title."""
_RULERS = {"monarch": "monarch", "head": "head", "leader": "head"}
"""Categories in which one title may stand for another of the same country: العاهل for الملك, الزعيم for الرئيس."""
_REACH = 30
"""Characters after a title, before the next person, in which its country may stand: رئيس الجمهورية الفرنسية."""


@dataclass(frozen=True, slots=True)
class Bearer:
    """A position as a title may recall it: ``at`` is where it is told, ``abroad`` whether a country is told with it."""

    entity_id: str
    root: str
    category: str
    words: frozenset[str]
    country: str | None
    body: str | None
    at: int
    abroad: bool


def bearers_of(analysis: Analysis) -> list[Bearer]:
    """The bearers of the document's positions, in their order."""
    people = [mention.span.start for mention in analysis.mentions if mention.type is EntityType.PER]
    found = []
    for position in analysis.positions:
        after = bisect_left(people, position.span.end)
        end = min([position.span.end + _REACH, *people[after : after + 1]])
        found.append(_bearer(position, analysis.document.text[position.span.start : end]))
    return found


def _bearer(position: Position, told: str) -> Bearer:
    root, rest = _office(position.title)
    head = title_heads().get(fold(position.title.split()[0]))
    abroad = position.of_country and any(_country_of(fold(word)) == position.of_country for word in told.split())
    return Bearer(
        position.entity_id,
        root,
        head.category if head else "",
        rest,
        position.of_country,
        position.of_entity_id,
        position.span.start,
        bool(abroad),
    )


def title_key(folded: Sequence[str]) -> frozenset[str]:
    """The words of a title without articles and proclitics, as titles are compared; و of وزراء is taken for one.

    >>> title_key(["وزرا"]) == title_key(["الوزرا"])
    True
    """
    return frozenset(_without_and(strip_article(split_word(word).stem)) for word in folded if word)


def _without_and(word: str) -> str:
    return word[1:] if word.startswith("و") and len(word) > _SHORT else word


def same_office(one: str, other: str, of: str | None) -> bool:
    """True where two titles of one person, both of the same, may name one office.

    A country has many offices, and its head of government is no head of state; a minister may be told with or without
    the portfolio. A body has one of each head.

    >>> same_office("رئيس وزراء", "رئيس", "EG"), same_office("وزير خارجية", "وزير", "EG")
    (False, True)
    """
    (root, words), (other_root, other_words) = _office(one), _office(other)
    if root != other_root or of is None or len(of) > 2 or words == other_words:
        return root == other_root
    if words and other_words:
        return not words.isdisjoint(other_words)
    return root != "رئيس" or (words | other_words).isdisjoint(government())


@cache
def government() -> frozenset[str]:
    """The words by which a head of government is told from a head of state, as titles are compared."""
    return title_key(tuple(read_groups("reference_words", "government")))


@lru_cache(maxsize=1 << 12)
def _office(title: str) -> tuple[str, frozenset[str]]:
    """The head of a title in the masculine, and its other words; of a president without those that name the state."""
    head, *rest = title.split()
    root = head.removesuffix("ة")
    words = title_key([fold(word) for word in rest])
    return root, words - read_groups("reference_words", "state") if root == "رئيس" else words


def _country_of(folded: str) -> str | None:
    nisba = find_nisba(folded) if folded else None
    country = find_country(folded) if folded and nisba is None else None
    return nisba.iso if nisba else country.iso if country else None


def home_of(analysis: Analysis) -> str | None:
    """The country that the document names most as a place; None where it names none."""
    votes: Counter[str] = Counter()
    for entity in analysis.entities:
        if entity.country and entity.type is EntityType.LOC:
            votes[entity.country] += len(entity.links)
    return min(votes, key=lambda iso: (-votes[iso], iso)) if votes else None


def at_home(known: Sequence[Bearer], home: str | None, named: Iterable[str], *, state: bool) -> list[Bearer]:
    """Those of the bearers that a title without a country may recall.

    Whoever was told without a country goes first. Where all have one and the title names the state (رئيس الجمهورية),
    nobody ``named`` in the same sentence is meant, and of several countries' bearers the home country's.
    """
    bare = [bearer for bearer in known if not bearer.abroad]
    if bare or not state:
        return bare or list(known)
    left = [bearer for bearer in known if bearer.entity_id not in named]
    return [bearer for bearer in left if bearer.country == home] or left


def peers_of(bearers: Sequence[Bearer], subject: str | None) -> list[Bearer]:
    """Whoever bears the office of the person spoken of, else one like it; anyone where no office is told."""
    others = [b for b in bearers if b.entity_id != subject]
    own = [b for b in bearers if b.entity_id == subject]
    if not own:
        return others
    same = [b for b in others if any(b.root == mine.root for mine in own)]
    equal = [b for b in same if any(b.words == mine.words for mine in own)]
    return equal or [b for b in same if any(_are_akin(b.words, mine.words) for mine in own)]


def borne_by(
    bearers: Sequence[Bearer], units: Sequence[Unit], phrase: TitlePhrase, country: str | None, body: Entity | None
) -> list[Bearer]:
    """The bearers whom a title may recall, by its head and words, its country and its body."""
    root = phrase.head.lemma.removesuffix("ة")
    whole = title_key([units[index].folded for index in phrase.words[1:]])
    closed = min([body.at for body in phrase.bodies] + [at for at, _ in phrase.nisbas], default=len(units))
    short = title_key([units[index].folded for index in phrase.words[1:] if index < closed])
    same = [b for b in bearers if b.root == root]
    for words in (whole, short):
        if root == "رئيس":
            words = words - read_groups("reference_words", "state")
        if country or body:
            of = body.entity_id if body and not country else None
            there = [b for b in same if (country and b.country == country) or (of and b.body == of)]
            known = [b for b in there if _recalls(root, words, b.words)]
            known = known or _rulers(bearers, phrase, words, country)
        elif phrase.head.category in _BARE and phrase.head.definite and not phrase.head.suffixed:
            known = [b for b in same if b.words == words] or [b for b in same if b.words >= words]
        else:
            known = [b for b in same if b.words == words and (words or b.country)] if whole else []
        if known:
            return known
    return []


def _rulers(bearers: Sequence[Bearer], phrase: TitlePhrase, words: frozenset[str], country: str | None) -> list[Bearer]:
    kind = _RULERS.get(phrase.head.category)
    if kind is None or words or not country:
        return []
    return [b for b in bearers if _RULERS.get(b.category) == kind and b.country == country and not b.words]


def _recalls(root: str, words: frozenset[str], known: frozenset[str]) -> bool:
    """Whether a title of a country or body may be told for a known one, shorter or longer: الوزير for وزير الخارجية.

    رئيس الوزراء الروسي is not الرئيس الروسي, but رئيس الحكومة الروسية.
    """
    if root == "رئيس":
        governs = not words.isdisjoint(government())
        if governs is known.isdisjoint(government()):
            return False
        words, known = words - government(), known - government()
    return known >= words or (bool(words) and words >= known)


def _are_akin(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two offices of one head may be the same: one without a portfolio, or with a word of it in both."""
    return not one or not other or not one.isdisjoint(other)

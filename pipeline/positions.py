"""Who holds which office of what: (person, title, of-what), each with the words that show it.

Title phrases (:mod:`pipeline.titles`) are given to the person right after them, or right before them in apposition.
The of-what is the body or place that the phrase names, else the country of its nationality adjective, else what the
document makes clear; else it stays unknown.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.gazetteer import strip_article, words_of
from pipeline.schema import Analysis, Entity, EntityType, Evidence, Position, Span
from pipeline.titles import TitlePhrase, Unit, find_titles, split_word, units_of

STATE_CATEGORIES = frozenset({"head", "minister", "monarch", "heir", "prince"})


@dataclass(frozen=True, slots=True)
class Office:
    """A title phrase in its sentence and the entity that bears it; ``via`` tells how the two were joined."""

    sentence: int
    phrase: TitlePhrase
    entity_id: str
    title: str
    of_entity_id: str | None
    of_country: str | None
    via: str
    span: Span


def find_positions(analysis: Analysis) -> tuple[Position, ...]:
    """The positions that the text states, in the order of their first telling, each (person, title, of) once."""
    return tuple(_merge(find_offices(analysis), analysis))


def find_offices(analysis: Analysis) -> list[Office]:
    """Every title phrase that a person of the document bears, in the order of the text."""
    owner = {link.mention: entity for entity in analysis.entities for link in entity.links}
    starts = [mention.span.start for mention in analysis.mentions]
    occupied = {mention.sentence for mention in analysis.mentions}
    reader = _Reader(analysis, owner)
    for index in sorted(occupied):
        if index < len(analysis.sentences):
            units = units_of(analysis, index, starts)
            reader.read(index, units, find_titles(units))
    return reader.offices


class _Reader:
    """Collects the offices of a document sentence by sentence; remembers the last ones for نظيره."""

    def __init__(self, analysis: Analysis, owner: Mapping[int, Entity]) -> None:
        self.text = analysis.document.text
        self.owner = owner
        self.offices: list[Office] = []

    def read(self, index: int, units: Sequence[Unit], phrases: Sequence[TitlePhrase]) -> None:
        """Add the offices of one sentence."""
        for phrase, holder, via in bind(units, phrases):
            if phrase.head.category == "peer":
                self._add_peer(index, units, phrase, holder)
                continue
            self._add(index, units, phrase, holder, via)
            if phrase.head.number != "singular" and via == "before":
                for country, body, other in _coordinated(units, phrase, holder):
                    self._add(index, units, phrase, other, "coordinated", (country, body))

    def _add(
        self,
        index: int,
        units: Sequence[Unit],
        phrase: TitlePhrase,
        holder: int,
        via: str,
        of: tuple[str | None, int | None] | None = None,
    ) -> None:
        country, body = of or (phrase.nisba.iso if phrase.nisba else None, phrase.body)
        body_entity = self.owner[body] if body is not None else None
        if body_entity is not None and country and phrase.body_prefix and via != "coordinated":
            body_entity = None  # السفير الأمريكي في القاهرة, المبعوث الأمريكي إلى اليمن
        of_country = country if body_entity is None else body_entity.country
        title = title_words(self.text, units, phrase)
        last = max(phrase.words[-1], phrase.first)
        span = Span(units[phrase.first].span.start, units[last].span.end)
        mention = units[holder].mention
        if mention is None:
            return
        self.offices.append(
            Office(
                index,
                phrase,
                self.owner[mention].entity_id,
                title,
                body_entity.entity_id if body_entity else None,
                of_country,
                via,
                span,
            )
        )

    def _add_peer(self, index: int, units: Sequence[Unit], phrase: TitlePhrase, holder: int) -> None:
        mention = units[holder].mention
        if mention is None:
            return
        entity_id = self.owner[mention].entity_id
        model = next((office for office in reversed(self.offices) if office.entity_id != entity_id), None)
        if model is None:
            return
        country = phrase.nisba.iso if phrase.nisba else None
        body = self.owner[phrase.body] if phrase.body is not None and not country else None
        self.offices.append(
            Office(
                index,
                phrase,
                entity_id,
                model.title,
                body.entity_id if body else None,
                body.country if body else country,
                "peer",
                units[phrase.first].span,
            )
        )


def bind(units: Sequence[Unit], phrases: Sequence[TitlePhrase]) -> Iterator[tuple[TitlePhrase, int, str]]:
    """Each phrase with the unit index of its bearer, and how: right ``before`` the name, or ``after`` it."""
    bound: list[tuple[int, str] | None] = []
    for number, phrase in enumerate(phrases):
        previous = phrases[number - 1] if number else None
        left = _holder_before(units, phrase, previous, bound[-1] if bound else None)
        right = phrase.holder
        direct = right is not None and not any(
            unit.mark in "،,-–" for unit in units[phrase.last + 1 : right] if unit.mark
        )
        if right is not None and (direct or left is None):
            bound.append((right, "before"))
        elif left is not None:
            bound.append((left, "after"))
        else:
            bound.append(None)
    for number in range(len(phrases) - 2, -1, -1):
        following = bound[number + 1]
        if bound[number] is None and following is not None and following[1] == "before":
            gap = units[phrases[number].last + 1 : phrases[number + 1].first]
            if all(unit.mark in "،," and not unit.folded and unit.mention is None for unit in gap):
                bound[number] = following
    for phrase, found in zip(phrases, bound, strict=True):
        if found is not None:
            yield phrase, *found


def _holder_before(
    units: Sequence[Unit], phrase: TitlePhrase, previous: TitlePhrase | None, bound: tuple[int, str] | None
) -> int | None:
    """Unit index of the person whom the phrase follows in apposition, or follows after another such phrase."""
    if phrase.prefix not in ("", "و"):
        return None
    at = phrase.first - 1
    while at >= 0 and not units[at].folded and units[at].mention is None and units[at].mark in "،,()-–:":
        at -= 1
    if at < 0:
        return None
    if units[at].type is EntityType.PER and phrase.prefix == "":
        return at
    if previous is not None and bound is not None and previous.last == at:
        return bound[0]
    return None


def _coordinated(
    units: Sequence[Unit], phrase: TitlePhrase, holder: int
) -> Iterator[tuple[str | None, int | None, int]]:
    """(country, body mention, holder) of the further bearers of a dual or plural title (والبيلاروسي X, وتركيا Y)."""
    from pipeline.gazetteer import find_nisba

    at = holder + 1
    country: str | None = None
    body: int | None = None
    opened = False
    while at < len(units):
        unit = units[at]
        if unit.mention is not None:
            if unit.type is EntityType.PER:
                if not (opened or unit.prefix == "و"):
                    return
                same = phrase.nisba.iso if phrase.nisba else None
                yield (country, body, at) if opened else (same, phrase.body, at)
                country, body, opened = None, None, False
            elif unit.prefix == "و" and not opened:
                body, opened = unit.mention, True
            else:
                return
        elif unit.folded:
            nisba = find_nisba(unit.folded)
            if nisba is not None and not opened and (unit.folded.startswith("و") or units[at - 1].mark in "،,"):
                country, opened = nisba.iso, True
            elif unit.folded not in words_of("honorific"):
                return
        elif unit.mark not in "،,":
            return
        at += 1


def title_words(text: str, units: Sequence[Unit], phrase: TitlePhrase) -> str:
    """The title as written, in the singular, without article, nationality adjective and trailing preposition."""
    words = [phrase.head.lemma]
    indices = list(phrase.words[1:])
    limit = min((at for at in (phrase.body_at,) if at is not None), default=None)
    for index in indices:
        if limit is not None and index > limit:
            break
        word = units[index].span.of(text)
        folded = split_word(units[index].folded)
        if folded.definite and word.startswith("ال"):
            word = word[2:]
        elif folded.definite and folded.prefix == "و" and word.startswith("وال"):
            word = "و" + word[3:]
        words.append(word)
    while len(words) > 1 and strip_article(words[-1]) in ("في", "لدى", "إلى", "الى"):
        words.pop()
    return " ".join(words)


def _merge(offices: Iterable[Office], analysis: Analysis) -> Iterator[Position]:
    """One position for each (person, title head, of); an unknown of gives way to a known one of the same head."""
    offices = list(offices)
    country_of = {entity.entity_id: entity.country for entity in analysis.entities}
    default = _home_country(analysis, offices)
    known = {
        (office.entity_id, office.title.split()[0]) for office in offices if office.of_entity_id or office.of_country
    }
    seen: set[tuple[str, str, str | None, str | None]] = set()
    by_country = {entity.country: entity.entity_id for entity in analysis.entities if entity.country}
    for office in offices:
        of_entity_id, of_country = office.of_entity_id, office.of_country
        if not of_entity_id and not of_country:
            if (office.entity_id, office.title.split()[0]) in known:
                continue
            if office.phrase.head.category in STATE_CATEGORIES:
                of_country = default
        if of_entity_id is None and of_country in by_country:
            of_entity_id = by_country[of_country]
        if of_entity_id is not None and country_of.get(of_entity_id):
            of_country = country_of[of_entity_id]
        key = (office.entity_id, office.title.split()[0], of_entity_id, of_country)
        if key in seen:
            continue
        seen.add(key)
        yield Position(
            office.entity_id,
            office.title,
            of_entity_id,
            of_country,
            office.phrase.former,
            office.span,
            Evidence(office.span, office.sentence),
            None,
        )


def _home_country(analysis: Analysis, offices: Sequence[Office]) -> str | None:
    """The one country that the document's offices and names speak of most, if it clearly leads."""
    votes: Counter[str] = Counter()
    for entity in analysis.entities:
        if entity.country:
            votes[entity.country] += len(entity.links)
    for office in offices:
        if office.of_country:
            votes[office.of_country] += 1
    ranked = votes.most_common(2)
    if not ranked or (len(ranked) == 2 and ranked[1][1] * 2 > ranked[0][1]):
        return None
    return ranked[0][0]

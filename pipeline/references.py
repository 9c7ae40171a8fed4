"""Words that stand for a person, or for the country or body of one unnamed: bare titles, peers, sides, pronouns.

A title that no name stands beside (الرئيس الروسي، الوزير) goes to the person of the document who bears that title of
that country, else to the country itself. A pronoun on a verbal noun of meeting (لقائه) goes to the person who is
spoken of: the first named in its sentence before it, else the one of the sentence before.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace

from pipeline.bearers import at_home, bearers_of, borne_by, home_of, peers_of
from pipeline.gazetteer import Nisba, find_nisba, read_groups
from pipeline.holders import holder_after, holder_before
from pipeline.implied import find_ahead, find_implied, find_owner
from pipeline.reference_words import courtesies, duals, first_persons, is_described, latters
from pipeline.schema import Analysis, Entity, EntityType, Reference, Span
from pipeline.titles import TitlePhrase, read_titles
from pipeline.units import Unit, read_units, split_word

_STATE = frozenset(
    {"head", "minister", "monarch", "diplomat", "envoy", "heir", "deputy", "official", "peer", "commander"}
)
"""Categories of titles that may stand for their country where no person of the document bears them."""
_LOOK_BACK = 3
"""Sentences within which two persons may have been named before a dual (الجانبان) that stands for both."""


def find_references(analysis: Analysis) -> tuple[Reference, ...]:
    """The references of the document in the order of the text: span, whom it stands for, and why.

    ``kind`` is ``title`` (الرئيس الروسي, الوفد الروسي), ``peer`` (نظيره الروسي) or ``pronoun`` (the suffix of لقائه).
    The entity is a person where the document tells who is meant, else the country or body.
    """
    if not analysis.entities:
        return ()
    finder = _Finder(analysis)
    for index, (units, phrases) in enumerate(zip(read_units(analysis), read_titles(analysis), strict=True)):
        finder.read(index, units, phrases)
    return tuple(sorted(finder.references, key=lambda reference: (reference.span, reference.entity_id)))


class _Finder:
    """Collects references sentence by sentence; remembers the person last spoken of."""

    def __init__(self, analysis: Analysis) -> None:
        self.owner = {link.mention: entity for entity in analysis.entities for link in entity.links}
        self.country = {entity.country: entity for entity in analysis.entities if entity.country}
        self.bearers = bearers_of(analysis)
        self.home = home_of(analysis)
        self.named_for = {bearer.country for bearer in self.bearers}
        self.references: list[Reference] = []
        self.subject: str | None = None
        self.people = {entity.entity_id for entity in analysis.entities if entity.type is EntityType.PER}
        self.spoken: list[tuple[str, ...]] = []

    def read(self, index: int, units: Sequence[Unit], phrases: Sequence[TitlePhrase]) -> None:
        """Add the references of one sentence, then note whom it speaks of."""
        found: list[Reference] = []
        found += find_implied(index, units, phrases, self.owner, self.subject)
        for phrase in phrases:
            if self._is_free(units, phrase) and phrase.head.number == "singular":
                found += self._title(index, units, _without_object(units, phrase))
        found += self._both(index, units, found)
        found += self._sides(index, units, found)
        found += self._pronouns(index, units, phrases, found)
        self.references += found
        self.spoken.append(self._persons_of(units, found, len(units)))
        self.subject = _first_person(units, self.owner, self.people, found, len(units)) or self.subject

    def _is_free(self, units: Sequence[Unit], phrase: TitlePhrase) -> bool:
        """True for a title beside which no name stands that could bear it."""
        if phrase.head.accusative or phrase.head.category in ("member", "expert"):
            return False
        return holder_after(units, phrase) is None and holder_before(units, phrase) is None

    def _title(self, index: int, units: Sequence[Unit], phrase: TitlePhrase) -> Iterator[Reference]:
        span = Span(units[phrase.first].span.start, units[phrase.last].span.end)
        nisba = next((nisba for _, nisba in phrase.nisbas if nisba.iso), None)
        body = self.owner.get(phrase.bodies[0].mention) if phrase.bodies else None
        country = nisba.iso if nisba else body.country if body else None
        peer = phrase.head.category == "peer"
        person = self._recall(units, phrase, country, body, span.start)
        kind = "peer" if peer else "title"
        if person is not None:
            yield Reference(span, person, "peer" if peer else "title", index, "bears that title in the document")
        elif country and country in self.country and phrase.head.category in _STATE:
            reason = f"{kind} of the country, its holder unnamed"
            yield Reference(span, self.country[country].entity_id, "peer" if peer else "title", index, reason)

    def _recall(
        self, units: Sequence[Unit], phrase: TitlePhrase, country: str | None, body: Entity | None, at: int
    ) -> str | None:
        """The person who bears the title: the only one, else the one told of last before it."""
        known = borne_by(self.bearers, units, phrase, country, body)
        if phrase.head.category == "peer":
            named = self._persons_of(units, (), phrase.first)
            known = peers_of(self.bearers, named[0] if named else self.subject)
            of = body.entity_id if body and not country else None
            known = [b for b in known if (country and b.country == country) or (of and b.body == of)]
        elif not country and not body and len(phrase.words) > 1:
            state = not read_groups("reference_words", "state").isdisjoint(
                split_word(units[index].folded).stem for index in phrase.words[1:]
            )
            known = at_home(known, self.home, self._persons_of(units, (), phrase.first), state=state)
        before = [b for b in known if b.at < at] or known
        return max(before, key=lambda b: b.at).entity_id if before else None

    def _persons_of(self, units: Sequence[Unit], found: Sequence[Reference], end: int) -> tuple[str, ...]:
        """The persons named or meant by a title before unit ``end``, each once, in order."""
        limit = units[end].span.start if end < len(units) else units[-1].span.end if units else 0
        named = [
            (unit.span.start, self.owner[unit.mention].entity_id)
            for unit in units[:end]
            if unit.mention is not None and unit.type is EntityType.PER
        ]
        named += [(r.span.start, r.entity_id) for r in found if r.span.start < limit and r.entity_id in self.people]
        return tuple(dict.fromkeys(entity_id for _, entity_id in sorted(named)))

    def _both(self, index: int, units: Sequence[Unit], found: Sequence[Reference]) -> Iterator[Reference]:
        """الجانبان, الزعيمان: the two persons spoken of, where the sentences before it speak of no third."""
        for at, unit in enumerate(units):
            if not unit.folded or unit.folded not in duals():
                continue
            following = units[at + 1] if at + 1 < len(units) else None
            if following is not None and (following.mention is not None or find_nisba(following.folded)):
                continue
            people = self._persons_of(units, found, at)
            for earlier in reversed(self.spoken[-_LOOK_BACK:]):
                if len(people) >= 2:
                    break
                people = tuple(dict.fromkeys((*earlier, *people)))
            if len(people) == 2:
                for entity_id in people:
                    yield Reference(unit.span, entity_id, "title", index, "one of the two spoken of")

    def _sides(self, index: int, units: Sequence[Unit], found: Sequence[Reference]) -> Iterator[Reference]:
        """الجانب الروسي, الوفد المصري: the country whose side it is."""
        taken = [reference.span for reference in found]
        sides = read_groups("reference_words", "side")
        for at, unit in enumerate(units[:-1]):
            if not unit.folded or split_word(unit.folded).stem not in sides:
                continue
            for later in units[at + 1 : at + 4]:
                nisba: Nisba | None = find_nisba(later.folded) if later.folded else None
                if nisba is None or not nisba.iso:
                    continue
                span = Span(unit.span.start, later.span.end)
                if nisba.iso in self.named_for:
                    break  # the document names someone for that side
                if nisba.iso in self.country and not any(span.overlaps(other) for other in taken):
                    yield Reference(span, self.country[nisba.iso].entity_id, "title", index, "side of the country")
                break

    def _spoken_of(self, units: Sequence[Unit], found: Sequence[Reference], end: int) -> str | None:
        """The first person of the innermost clause (قال فلان إن فلانا) that names one, else of the sentence before."""
        that = read_groups("reference_words", "that")
        for start in [at for at in range(end - 1, 0, -1) if units[at].folded in that] + [0]:
            person = _first_person(units, self.owner, self.people, found, end, start)
            if person is not None:
                return person
        return self.subject

    def _pronouns(
        self, index: int, units: Sequence[Unit], phrases: Sequence[TitlePhrase], found: Sequence[Reference]
    ) -> Iterator[Reference]:
        nouns = read_groups("reference_words", "verbal_noun")
        for at, unit in enumerate(units):
            if unit.folded in courtesies():
                following = units[at + 1 : at + 2]
                entity_id = self._spoken_of(units, found, at)
                if entity_id is not None and all(later.type is not EntityType.PER for later in following):
                    yield Reference(unit.span, entity_id, "pronoun", index, "the person spoken of, by courtesy")
                continue
            if unit.folded.removeprefix("و") in first_persons():
                entity_id = self._spoken_of(units, found, at)
                if entity_id is not None:
                    yield Reference(unit.span, entity_id, "pronoun", index, "the person who speaks")
                continue
            if unit.folded in latters() and at and not is_described(units[at - 1]):
                people = self._persons_of(units, found, at) or (self.spoken[-1] if self.spoken else ())
                if people:
                    yield Reference(unit.span, people[-1], "pronoun", index, "the one named last")
                continue
            if _is_noun_of_someone(unit, nouns):
                entity_id, reason = self._owner_of(units, phrases, found, at)
                if entity_id is not None:
                    yield Reference(unit.span, entity_id, "pronoun", index, reason)

    def _owner_of(
        self, units: Sequence[Unit], phrases: Sequence[TitlePhrase], found: Sequence[Reference], at: int
    ) -> tuple[str | None, str]:
        """Whom the pronoun of a noun stands for, and why: for the owner of the noun before it, or a subject to come."""
        owner = self._named_at(units, found, find_owner(units, phrases, at))
        if owner is not None:
            return owner, "whose doings it goes on with"
        ahead = self._named_at(units, found, find_ahead(units, phrases, found, at))
        if ahead is not None:
            return ahead, "the subject of the verb after it"
        return self._spoken_of(units, found, at), "the person spoken of"

    def _named_at(self, units: Sequence[Unit], found: Sequence[Reference], span: Span | None) -> str | None:
        """The person who is named or meant in a span."""
        named = [self.owner[u.mention].entity_id for u in units if u.mention is not None and u.span == span]
        named += [one.entity_id for one in found if one.span == span]
        return next((one for one in named if one in self.people), None)


def _is_noun_of_someone(unit: Unit, nouns: Set[str]) -> bool:
    """Whether a word is one of the verbal nouns with a pronoun, whatever proclitics it has (وبلقائه)."""
    if not unit.folded.endswith(("ه", "ها")) or len(unit.folded) < 5:
        return False
    stem = split_word(unit.folded).stem
    return stem in nouns or (stem[0] in "بلك" and stem[1:] in nouns)


def _without_object(units: Sequence[Unit], phrase: TitlePhrase) -> TitlePhrase:
    """The phrase up to a definite word behind بـ, which is another's: رحب رئيس الجمهورية بالوفد السلماني."""
    ends = (
        at for at in phrase.words[1:] if units[at].folded.startswith("بال") and split_word(units[at].folded).definite
    )
    end = next(ends, None)
    if end is None:
        return phrase
    return replace(
        phrase,
        last=end - 1,
        words=tuple(at for at in phrase.words if at < end),
        nisbas=tuple((at, nisba) for at, nisba in phrase.nisbas if at < end),
        bodies=tuple(body for body in phrase.bodies if body.at < end),
    )


def _first_person(
    units: Sequence[Unit],
    owner: Mapping[int, Entity],
    people: Set[str],
    found: Sequence[Reference],
    end: int,
    start: int = 0,
) -> str | None:
    """The first person named or meant by a title in the sentence from unit ``start`` up to unit ``end``."""
    limit = units[end].span.start if end < len(units) else units[-1].span.end if units else 0
    named = [
        (unit.span.start, owner[unit.mention].entity_id)
        for unit in units[start:end]
        if unit.mention is not None and unit.type is EntityType.PER
    ]
    begin = units[start].span.start if start else 0
    named += [(r.span.start, r.entity_id) for r in found if begin <= r.span.start < limit and r.entity_id in people]
    return min(named)[1] if named else None

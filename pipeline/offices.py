"""Candidates for positions: who may bear a title phrase, of what it may be, and the features that tell.

High recall on purpose; :mod:`pipeline.positions` decides with the weights of ``lexicons/position_weights.tsv``.
Every feature name is made in :func:`pipeline.office_choice.features_of`, and nowhere else.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.gazetteer import find_nisba, words_of
from pipeline.holders import bearers, coordinated, find_led
from pipeline.normalize import fold
from pipeline.schema import Analysis, Entity, EntityType, Span
from pipeline.title_wording import bare_word, in_gender, title_words
from pipeline.titles import TitlePhrase, read_titles
from pipeline.units import Unit, read_units

Of = str | None
"""Of what: an ISO code of two capitals, an entity id, or None for unknown."""
STATE = frozenset({"head", "minister", "monarch", "heir", "prince", "deputy", "diplomat", "envoy", "adviser"})
PEERAGE = frozenset({"head", "minister", "monarch", "diplomat", "secretary", "peer", "adviser", "commander"})

FOREIGN = frozenset({"diplomat", "envoy", "acting", "peer"})
"""Categories of those who come from abroad: their country is not the one that the text is at home in."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A title phrase and a person who may bear it; ``via`` tells how they stand, ``explicit`` what the words name.

    ``here`` is for a title of 'this country': أمير البلاد.
    """

    sentence: int
    phrase: TitlePhrase
    holder: int
    entity_id: str
    lemma: str
    title: str
    via: str
    span: Span
    explicit: tuple[tuple[Of, str], ...]
    nearby: tuple[tuple[str, str], ...]
    former: bool
    here: bool


def find_candidates(analysis: Analysis, owner: Mapping[int, Entity]) -> tuple[list[Candidate], Counter[str]]:
    """All candidates in the order of the text, and how often nationality adjectives name each country.

    ``owner`` maps the index of a mention to its entity.
    """
    finder = _Finder(analysis, owner)
    named = {mention.sentence for mention in analysis.mentions}
    for index, (units, phrases) in enumerate(zip(read_units(analysis), read_titles(analysis), strict=True)):
        if index in named:
            finder.read(index, units, phrases)
    return finder.candidates, finder.countries


def value_of(entity: Entity) -> str:
    """The of-what that an entity stands for: its ISO code where it is a country, else its id."""
    return entity.country or entity.entity_id


class _Finder:
    """Collects candidates sentence by sentence; remembers the titles borne, for نظيره."""

    def __init__(self, analysis: Analysis, owner: Mapping[int, Entity]) -> None:
        self.text = analysis.document.text
        self.owner = owner
        self.candidates: list[Candidate] = []
        self.countries: Counter[str] = Counter()
        self.in_sentence: list[tuple[int, str, bool]] = []
        self.titles: set[int] = set()
        self.titles_at: dict[int, TitlePhrase] = {}

    def read(self, index: int, units: Sequence[Unit], phrases: Sequence[TitlePhrase]) -> None:
        """Add the candidates of one sentence."""
        self.in_sentence = []
        told = {at: phrase.head.category for phrase in phrases for at, _ in phrase.nisbas}
        for at, unit in enumerate(units):
            nisba = find_nisba(unit.folded) if unit.folded else None
            if nisba is not None and nisba.iso and not nisba.ambiguous:
                of_company = at > 0 and units[at - 1].type is EntityType.ORG  # شركة نورديا الألمانية
                if told.get(at) not in FOREIGN and not of_company:
                    self.countries[nisba.iso] += 1
                    self.in_sentence.append((at, nisba.iso, at in told))
            elif unit.type is EntityType.LOC and unit.mention is not None:
                country = self.owner[unit.mention].country
                if country:
                    self.in_sentence.append((at, country, False))
        self.titles = {phrase.first for phrase in phrases if phrase.last > phrase.first}
        self.titles_at = {phrase.last: phrase for phrase in phrases}
        previous: list[tuple[TitlePhrase, int]] = []
        for number, phrase in enumerate(phrases):
            found = list(bearers(units, phrases, number, previous))
            for holder, via in found:
                self._add(index, units, phrase, holder, via)
            previous = [(phrase, holder) for holder, via in found if via.startswith(("after", "chained"))]
        for phrase, holder in find_led(units):
            self._add(index, units, phrase, holder, "led")

    def _add(self, index: int, units: Sequence[Unit], phrase: TitlePhrase, holder: int, via: str) -> None:
        explicit = tuple(self._explicit(units, phrase, via))
        lemma, title = phrase.head.lemma, title_words(self.text, units, phrase)
        if phrase.head.category == "peer":
            model = self._model(units, phrase, holder)
            if model is None:
                return
            feminine = lemma.endswith("ة")
            lemma, title = (in_gender(words, feminine=feminine) for words in model)
        several = phrase.head.number != "singular"
        portfolios = several and phrase.head.category == "minister"
        others = (
            list(coordinated(units, holder, several=several, portfolios=portfolios, titles=self.titles))
            if via.startswith("before")
            else []
        )
        own = _one_each(phrase, 1 + len(others))
        self._append(index, units, phrase, holder, via, lemma, title, (own[0],) if own else explicit)
        for number, further in enumerate(others, 1):
            of = further.nisba or (value_of(self.owner[further.of]) if further.of is not None else None)
            if of is None and not several:
                break
            named = ((of, "coordinated"),) if of else (own[number],) if own else explicit
            words = [lemma, *(bare_word(self.text, units[at]) for at in further.portfolio)]
            how = f"coordinated-{phrase.head.number}"
            other = " ".join(words).replace(" و", " ", 1) if further.portfolio else title
            self._append(index, units, phrase, further.at, how, lemma, other, named)

    def _append(
        self,
        index: int,
        units: Sequence[Unit],
        phrase: TitlePhrase,
        holder: int,
        via: str,
        lemma: str,
        title: str,
        explicit: tuple[tuple[Of, str], ...],
    ) -> None:
        mention = units[holder].mention
        if mention is None:
            return
        span = Span(units[phrase.first].span.start, units[phrase.words[-1]].span.end)
        former = phrase.former or _former_between(units, phrase, holder)
        entity_id = self.owner[mention].entity_id
        nearby = tuple(self._nearby(phrase))
        here = any(units[at].folded in words_of("this_country") for at in phrase.words[1:])
        self.candidates.append(
            Candidate(index, phrase, holder, entity_id, lemma, title, via, span, explicit, nearby, former, here)
        )

    def _nearby(self, phrase: TitlePhrase) -> Iterator[tuple[str, str]]:
        """Countries close by: the last one before the title and the first after it, and that of the title before.

        The nationality in a title that is still to come is the other party's.
        """
        before = [iso for at, iso, _ in self.in_sentence if at < phrase.first]
        after = [iso for at, iso, in_title in self.in_sentence if at > phrase.last and not in_title]
        if before:
            yield before[-1], "before it"
        if after:
            yield after[0], "after it"
        for seen in reversed(self.candidates[-6:]):
            stated = next((of for of, _ in seen.explicit if of is not None and len(of) == 2), None)
            if stated:
                yield stated, "title before"
                break

    def _model(self, units: Sequence[Unit], phrase: TitlePhrase, holder: int) -> tuple[str, str] | None:
        """Head and title of whoever a peer (نظيره) is the peer of: the nearest title or titled person in the sentence.

        Who stands before him goes before who stands after him (خلال لقائه نظيره X، قال الوزير Y); where the sentence
        tells of no one else, it is the title borne last.
        """
        at_holder = units[holder].mention
        own = self.owner[at_holder].entity_id if at_holder is not None else ""
        sure = (seen for seen in self.candidates if not seen.via.startswith("far") and not seen.via.endswith("between"))
        models = [seen for seen in sure if seen.entity_id != own]
        good = [seen for seen in models if seen.phrase.head.category in PEERAGE] or models[-8:]
        borne = {seen.entity_id: (seen.lemma, seen.title) for seen in good}
        for at in [*range(phrase.first - 1, -1, -1), *range(holder + 1, len(units))]:
            told = self.titles_at.get(at)
            if told is not None and told.head.category in PEERAGE - {"peer"}:
                return told.head.lemma, title_words(self.text, units, told)
            mention = units[at].mention
            if mention is not None and self.owner[mention].entity_id in borne:
                return borne[self.owner[mention].entity_id]
        return (good[-1].lemma, good[-1].title) if good else None

    def _explicit(self, units: Sequence[Unit], phrase: TitlePhrase, via: str) -> Iterator[tuple[Of, str]]:
        for number, body in enumerate(phrase.bodies[:3]):
            entity = self.owner[body.mention]
            where = fold(body.preposition) if body.preposition else "direct"
            yield value_of(entity), f"body{number}:{where}:{entity.type}"
        for number, (_, nisba) in enumerate(phrase.nisbas[:2]):
            if nisba.iso:
                yield nisba.iso, f"nisba{number}:{nisba.kind}"
            else:
                yield None, f"nisba:{nisba.kind}"
        if any(units[index].folded in words_of("saudi_style") for index in phrase.words[1:]):
            yield "SA", "style"
        if via.startswith("after") and not phrase.head.definite:
            following = next(iter(units[phrase.last + 1 : phrase.last + 2]), None)
            another = following is None or following.prefix.startswith("و")  # مدير المكتب وفلان
            if (
                following is not None
                and following.mention is not None
                and following.type is EntityType.PER
                and not another
            ):
                yield self.owner[following.mention].entity_id, "person"


def _one_each(phrase: TitlePhrase, n_holders: int) -> tuple[tuple[Of, str], ...]:
    """The country of each bearer of a title of several countries, in their order; of one bearer alone the last one.

    Nothing where there are not as many bearers as countries: الرئيسان المصري والسوري X وY.
    """
    told = tuple((nisba.iso, f"nisba0:{nisba.kind}") for _, nisba in phrase.nisbas)
    if phrase.head.number == "singular" or len(told) < 2:
        return ()
    return told[-1:] if n_holders == 1 else told if n_holders == len(told) else ()


def _former_between(units: Sequence[Unit], phrase: TitlePhrase, holder: int) -> bool:
    return any(unit.folded in words_of("former") for unit in units[phrase.last + 1 : holder] if unit.folded)

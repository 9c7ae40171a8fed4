"""Title phrases of a sentence (head, complements, country, body), before it is decided who bears them.

A phrase starts at a title head of ``lexicons/title_heads.tsv`` and runs on over complements, adjectives and the names
of bodies or places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.gazetteer import Nisba, TitleHead, find_nisba, suffixed_heads, title_heads, words_of
from pipeline.kept import kept_while_same
from pipeline.normalize import fold
from pipeline.schema import Analysis, EntityType
from pipeline.title_starts import is_construct, is_head
from pipeline.units import Unit, Word, read_units, split_word

MAX_COMPLEMENT = 14
"""Words of a title after its head; the longest ministries of the Maghreb have twelve."""
_NISBA_KINDS = frozenset({"country", "region", "bloc", "subnational", "former"})
_DEPUTIES = frozenset({"deputy", "adviser", "secretary"})
_SERVING = _DEPUTIES | {"envoy", "spokesperson"}
"""Categories of titles that may be another's: his deputy, his envoy."""
_CROWNED = frozenset({"monarch", "heir"})
_NAMED = ("body_head", "generic_body", "place_head", "state_head")
_BODIES = frozenset({EntityType.LOC, EntityType.ORG})
_QUOTES = frozenset("\"'«»“”()#")


@dataclass(frozen=True, slots=True)
class Body:
    """A named body or place inside a title phrase: its unit index and the preposition that leads to it, if any."""

    at: int
    mention: int
    preposition: str


@dataclass(frozen=True, slots=True)
class TitlePhrase:
    """A title as it stands in a sentence; all numbers are unit indices, ``last`` included.

    ``words`` make the title itself, head first; ``inner`` is a definite title head inside it (مستشار الرئيس).
    """

    first: int
    last: int
    head: TitleHead
    words: tuple[int, ...]
    nisbas: tuple[tuple[int, Nisba], ...]
    bodies: tuple[Body, ...]
    former: bool
    inner: int | None


def find_titles(units: Sequence[Unit]) -> tuple[TitlePhrase, ...]:
    """The title phrases of a sentence in order; one inside another's construct (مستشار الرئيس) comes after it."""
    heads = title_heads()
    phrases = []
    at = 0
    while at < len(units):
        folded = units[at].folded
        head = heads.get(folded) if folded else None
        if head is not None and units[at].ending == "ه":
            head = suffixed_heads(fold).get(folded, head)
        if head is None or not is_head(units, at, head):
            at += 1
            continue
        if head.accusative and is_construct(units, at):
            head = replace(head, number="dual", accusative=False)
        phrase = _read_phrase(units, at, head)
        phrases.append(phrase)
        taken = max(phrase.words[-1], *(body.at for body in phrase.bodies), *(at for at, _ in phrase.nisbas), at)
        at = phrase.inner if phrase.inner is not None else taken + 1
    return tuple(phrases)


@kept_while_same("document", "sentences", "mentions")
def read_titles(analysis: Analysis) -> tuple[tuple[TitlePhrase, ...], ...]:
    """The title phrases of every sentence, in order."""
    return tuple(map(find_titles, read_units(analysis)))


class _Reader:
    """Reads one phrase unit by unit; kept small so that each rule is one branch."""

    def __init__(self, units: Sequence[Unit], at: int, head: TitleHead) -> None:
        self.units, self.head = units, head
        self.words = [at]
        self.nisbas: list[tuple[int, Nisba]] = []
        self.bodies: list[Body] = []
        self.preposition = ""
        self.former = False
        self.construct_open = not head.definite
        self.last = at
        self.inner: int | None = None

    def read(self) -> None:
        """Consume units up to the first that cannot belong to the phrase."""
        at = self.words[0] + 1
        while at < len(self.units) and len(self.words) <= MAX_COMPLEMENT:
            unit = self.units[at]
            accepted = self._name(at, unit) if unit.mention is not None else self._word(at, unit)
            if not accepted:
                return
            if unit.folded or unit.mention is not None:
                self.last = at
            at += 1

    def _name(self, at: int, unit: Unit) -> bool:
        if unit.type is EntityType.PER or unit.prefix.startswith("و"):
            return False
        if self._is_portfolio():
            self.words.append(at)
            self.preposition = ""
            return True
        preposition = self.preposition or unit.prefix
        if self.bodies and not preposition:
            return self.units[at - 1].mark in '("«“'  # an alias beside the name
        self.bodies.append(Body(at, unit.mention or 0, preposition))
        self.construct_open = False
        self.preposition = ""
        return True

    def _is_portfolio(self) -> bool:
        """True where the words before a name say that it is what the bearer deals with: لشؤون, لشؤون منطقة."""
        words = [self.units[at].folded for at in self.words[1:]][-2:]
        if len(words) == 2 and split_word(words[-1]).stem in words_of("place_head"):
            words.pop()
        return bool(words) and words[-1].startswith("ل") and words[-1] in words_of("affairs")

    def _word(self, at: int, unit: Unit) -> bool:
        folded = unit.folded
        if not folded:
            return unit.mark in _QUOTES and self._quoted(at)
        if folded in words_of("former"):
            self.former = True
            return True
        nisba = self._nisba(at, folded)
        if nisba is not None and nisba.kind in _NISBA_KINDS and self._takes(at, nisba, folded):
            self.nisbas.append((at, nisba))
            self.construct_open = False
            return True
        if folded in words_of("honorific_only") and self._crowned(at):
            self.words.append(at)
            return True
        if folded in words_of("honorific_only") or folded in words_of("aside"):
            return False
        if not {folded[at:] for at in (1, 2) if set(folded[:at]) <= set("لبو")}.isdisjoint(words_of("honorific_only")):
            return False  # الرئيس المصري لصاحب السمو: another's
        if self._leads_on(at, folded):
            self.preposition = folded
            self.words.append(at)
            return True
        return self._parted(at, folded) or self._complement(at, folded)

    def _parted(self, at: int, folded: str) -> bool:
        """True for an 'and' with a blank after it where a further word of the title follows: الثقافة و الفنون."""
        following = self.units[at + 1].folded if at + 1 < len(self.units) else ""
        if folded != "و" or not split_word(following).definite or split_word(following).prefix:
            return False
        kept_out = ("stop", "honorific", "honorific_only", "aside", "former")
        if following in title_heads() or find_nisba(following) or any(following in words_of(g) for g in kept_out):
            return False
        self.words.append(at)
        return True

    def _nisba(self, at: int, folded: str) -> Nisba | None:
        """The adjective that starts or ends here: الكوري الشمالي is one of two words."""
        following = self.units[at + 1].folded if at + 1 < len(self.units) else ""
        if following:
            both = find_nisba(f"{split_word(folded).stem} {split_word(following).stem}")
            if both is not None:
                return both
        before = split_word(self.units[at - 1].folded).stem
        return find_nisba(f"{before} {split_word(folded).stem}") or find_nisba(folded)

    def _crowned(self, at: int) -> bool:
        """True for the honorific of an unnamed monarch whose servant this title is: مستشار جلالة الملك."""
        following = title_heads().get(self.units[at + 1].folded) if at + 1 < len(self.units) else None
        return self.construct_open and following is not None and following.category in _CROWNED

    def _leads_on(self, at: int, folded: str) -> bool:
        """True for a preposition that leads to what the title is of; a king is not king of where he receives."""
        if folded == fold("عن"):
            before = split_word(self.units[at - 1].folded).stem
            return before in words_of("in_charge") and self._is_definite(at + 1)
        if folded == fold("لدى"):
            return self._is_definite(at + 1) or self._is_head_at(at + 1)  # not: رئيس الدولة لدى وصوله
        if folded == fold("في"):
            return self.head.category not in _CROWNED and self._is_within(at + 1)
        return folded in words_of("of_preposition")

    def _is_within(self, at: int) -> bool:
        """True for what one may hold an office in, a body, a field or (a minister not) a place: not ختام, كلمة."""
        if at < len(self.units) and self.units[at].type is EntityType.LOC:
            return self.head.category != "minister"
        stem = split_word(self.units[at].folded).stem if at < len(self.units) else ""
        return self._is_definite(at) or any(stem in words_of(group) for group in (*_NAMED, "affairs"))

    def _is_definite(self, at: int) -> bool:
        """True for a name, in quotes or not, and for a word with its article."""
        following = next((unit for unit in self.units[at : at + 2] if unit.mark not in _QUOTES or not unit.mark), None)
        return following is not None and (following.mention is not None or split_word(following.folded).definite)

    def _is_head_at(self, at: int) -> bool:
        return at < len(self.units) and self.units[at].folded in title_heads()

    def _takes(self, at: int, nisba: Nisba, folded: str) -> bool:
        if nisba.ambiguous and folded in words_of("portfolio_nisba"):
            before = split_word(self.units[at - 1].folded).stem
            if len(self.words) > 1 and self.units[at].ending == "ة" != self.head.lemma[-1]:
                return False  # مدير الوساطة المالية: it goes with the word before
            if self.construct_open or before in words_of("affairs") or folded.startswith("و"):
                return False  # وزير المالية, الشؤون المالية, الاقتصاد والمالية
        if not folded.startswith("و") or not self.nisbas:
            return True
        return self.head.number != "singular" and self.nisbas[-1][0] == at - 1  # الرئيسان المصري والسوري

    def _quoted(self, at: int) -> bool:
        """True for a mark beside a body's name: an opening one before it, a closing one after it."""
        if self.bodies and self.bodies[-1].at == at - 1:
            return True
        following = self.units[at + 1] if at + 1 < len(self.units) else None
        return following is not None and following.mention is not None and following.type is not EntityType.PER

    def _complement(self, at: int, folded: str) -> bool:
        if folded in words_of("stop"):
            return False
        head = title_heads().get(folded)
        if head is not None and not self._takes_head(at, head):
            return False
        word = split_word(folded)
        joined = word.prefix.startswith("و") or (word.prefix == "" and word.definite) or self._joins(at, head, word)
        if not (joined or self.construct_open or self.preposition):
            return False
        if word.definite:
            self.construct_open = False
        self.preposition = "ل" if folded.startswith("ل") and not word.definite else ""
        self.words.append(at)
        return True

    def _joins(self, at: int, head: TitleHead | None, word: Word) -> bool:
        """True for a word with a preposition that goes on a title: للقوات, بالنيابة, لرئيس, لمنطقة before its name.

        Any other belongs to the sentence: زيارة الرئيس لضريح.
        """
        folded = self.units[at].folded
        if folded[0] not in "لب" and not word.prefix:
            return False
        if head is not None or folded in words_of("title_goes_on"):
            return True
        stem = word.stem if word.definite else folded[1:]
        if not any(stem in words_of(group) for group in _NAMED):
            return word.definite and stem in words_of("generic_word")
        following = [unit for unit in self.units[at + 1 : at + 3] if unit.mark not in _QUOTES][:1]
        return word.definite or any(unit.type in _BODIES and not unit.prefix for unit in following)

    def _takes_head(self, at: int, head: TitleHead) -> bool:
        """True for a head inside this title: نائب رئيس, النائب الثاني لرئيس, المستشار الخاص للملك, مستشار الرئيس."""
        if head.prefix == "ل":
            if self.head.category == "head":
                return head.number == "plural"  # رئيسا للوزراء
            following = self.units[at + 1].folded if at + 1 < len(self.units) else ""
            if self.inner is None and head.definite and head.number == "singular" and find_nisba(following):
                self.inner = at  # مستشار للرئيس المصري
            return self.head.category in _SERVING and (head.definite or self.head.category in _DEPUTIES)
        if head.prefix or head.accusative:
            return False
        if head.definite and self.head.definite and head.lemma == self.head.lemma and self.nisbas:
            return False  # الرئيس الفرنسي الرئيس الحالي للاتحاد: one title after another
        if head.suffixed:
            return self.construct_open  # رئيس وزرائها
        if head.definite:
            inside = self.construct_open or self.preposition != ""
            if inside and self.inner is None and head.number == "singular":
                self.inner = at
            if self.nisbas and not inside:
                return False  # المبعوث الأمريكي الرئيس الفلسطيني: whom he met
            return inside or split_word(self.units[at].folded).stem in words_of("inner_head")
        return self.construct_open or self.preposition != ""


def _read_phrase(units: Sequence[Unit], at: int, head: TitleHead) -> TitlePhrase:
    reader = _Reader(units, at, head)
    reader.read()
    return TitlePhrase(
        at,
        reader.last,
        head,
        tuple(reader.words),
        tuple(reader.nisbas),
        tuple(reader.bodies),
        reader.former,
        reader.inner,
    )

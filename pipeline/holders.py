"""Where the bearers of a title may stand: after it, before it in apposition, behind a clause, one after another."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from pipeline.gazetteer import find_nisba, title_heads, words_of
from pipeline.normalize import fold
from pipeline.schema import EntityType
from pipeline.titles import Body, TitlePhrase
from pipeline.units import Unit, split_word

MAX_GAP = 8
"""Units between a title and the name that it stands before: honorifics, marks, an aside."""
MAX_FAR = 14
"""Units within which a name is still looked for behind a clause."""
MAX_CHAIN = 6
"""Titles in a row that one person may bear."""
MAX_PORTFOLIO = 5
"""Words of a portfolio that follows another's: وزيرا الداخلية X والتربية والتعليم Y."""
MAX_SENT = 4
"""Units within which a delegation is told before the body that sent it: وفد رفيع المستوى من."""

_LED_BY = {"رئيس": "led_by_head", "زعيم": "led_by_leader"}
"""The head of a title to the group of words that give it."""
_CLOSING = frozenset("\"'»”)")
_QUOTES = _CLOSING | frozenset("«“(")


@dataclass(frozen=True, slots=True)
class Further:
    """A further bearer of a title: unit index, and whether a country, a body or a portfolio of their own is told."""

    at: int
    nisba: str | None = None
    of: int | None = None
    portfolio: tuple[int, ...] = ()


_GAP_MARKS = frozenset("،,\"'«»“”-–:()#.?")
_COMMAS, _STOPS, _ENDS = frozenset("،,-–"), frozenset(":(.?"), frozenset(".؟!")


def holder_after(units: Sequence[Unit], phrase: TitlePhrase) -> tuple[int, str] | None:
    """The person right after a phrase: unit index, and how it is reached.

    ``next``: nothing but quotes between; ``honorific``: past titles of courtesy; ``comma``: past a comma.
    """
    how = "next"
    for at in range(phrase.last + 1, min(len(units), phrase.last + 1 + MAX_GAP)):
        unit = units[at]
        if unit.mention is not None:
            return (at, how) if unit.type is EntityType.PER and not unit.prefix else None
        if unit.folded:
            if unit.folded in words_of("honorific"):
                how = "honorific" if how == "next" else how
            elif unit.folded not in words_of("aside") and unit.folded not in words_of("former"):
                return None
        elif unit.mark not in _GAP_MARKS:
            return None
        elif unit.mark in _COMMAS or unit.mark == ":":
            how = "comma"
    return None


def holder_before(units: Sequence[Unit], phrase: TitlePhrase) -> tuple[int, str] | None:
    """The person whom a phrase follows: unit index, and ``comma`` or ``next``; ``copula`` past a word like وهو."""
    copula = phrase.first > 0 and units[phrase.first - 1].folded in words_of("copula")
    first = phrase.first - 1 if copula else phrase.first
    how = "next"
    for at in range(first - 1, max(-1, first - 5), -1):
        unit = units[at]
        if unit.mention is not None:
            alone = phrase.head.number == "plural" and unit.prefix == ""  # أطلع فلان البرلمانيين
            return (at, "copula" if copula else how) if unit.type is EntityType.PER and not alone else None
        if unit.folded or unit.mark not in _GAP_MARKS:
            return None
        if unit.mark in _COMMAS or unit.mark in _STOPS:
            how = "comma"
    return None


def holder_far(units: Sequence[Unit], phrase: TitlePhrase) -> tuple[int, str] | None:
    """The next person after a phrase that an aside or a relative clause parts from it: unit index, and the kind.

    ``far-comma`` where a comma stands right before the name, ``far-relative`` for a clause, else ``far-words``; None
    in what the bearer says of others (أن X) or does with them (مع X).
    """
    end = min(len(units), phrase.last + MAX_FAR)
    for at in range(phrase.last + 1, end):
        unit = units[at]
        if unit.type is EntityType.PER:
            if unit.prefix or at - phrase.last < 2:
                return None
            if units[at - 1].mark in _COMMAS:
                return at, "far-comma"
            between = {other.folded or other.mark for other in units[phrase.last + 1 : at]}
            if between & words_of("statement") or units[at - 1].folded in words_of("preposition"):
                return None
            relative = between & words_of("relative")
            return at, "far-relative" if relative else f"far-words{min(at - phrase.last - 1, 4)}"
        if unit.mark in _ENDS:
            return None
    return None


def bearers(
    units: Sequence[Unit],
    phrases: Sequence[TitlePhrase],
    number: int,
    previous: Sequence[tuple[TitlePhrase, int]],
) -> Iterator[tuple[int, str]]:
    """(unit index, via) of every person who may bear the phrase."""
    phrase = phrases[number]
    right = holder_after(units, phrase)
    left = holder_before(units, phrase) if phrase.head.category != "peer" else None
    if right is not None:
        outer = "" if phrase.inner is None else "-outer"
        around = [other for other in phrases[max(0, number - 2) : number] if other.inner == phrase.first]
        inside = "" if not around else "-deputed" if around[0].head.category == "deputy" else "-inner"
        if not outer or left is None or phrase.head.category == "deputy":  # else the former's: X مستشار الرئيس Y
            yield right[0], f"before-{right[1]}{outer}{inside}"
    elif not any(other.inner == phrase.first for other in phrases[max(0, number - 2) : number]):
        yield from _holder_behind(units, phrases, number)
    if left is not None:
        between = "-between" if right is not None else ""
        yield left[0], f"after-{left[1]}" + ("" if phrase.head.prefix == "" else "-prefixed") + between
    elif phrase.head.accusative or phrase.head.prefix == "ك":
        for at in range(phrase.first - 1, max(-1, phrase.first - 7), -1):
            if units[at].type is EntityType.PER:
                yield at, "predicate"
                break
    for earlier, holder in previous:
        if _joined(units, earlier, phrase) and phrase.head.prefix in ("", "و"):
            yield holder, f"chained-{_link(earlier, phrase)}"
            break


def _holder_behind(units: Sequence[Unit], phrases: Sequence[TitlePhrase], number: int) -> Iterator[tuple[int, str]]:
    """The person behind the titles that follow the phrase in a row, else behind a clause; nobody where a row breaks.

    It breaks at a peer (نظيره), who is somebody else, and at another country: وزير الدفاع السعودي، والرئيس المصري X.
    """
    phrase, earlier, link = phrases[number], phrases[number], ""
    following = [later for later in phrases[number + 1 : number + MAX_CHAIN] if later.first > phrase.last]
    for later in following:
        if not _joined(units, earlier, later) or later.head.prefix not in ("", "و") or later.head.category == "peer":
            return
        if _abroad(phrase, later) or _abroad(earlier, later):
            return
        link = link or _link(earlier, later)
        found = holder_after(units, later)
        if found is not None:
            yield found[0], f"before-chain-{link}"
            return
        earlier = later
    far = holder_far(units, phrase)
    if far is not None and not any(phrase.first < later.first < far[0] for later in phrases[number + 1 :]):
        yield far


def _abroad(one: TitlePhrase, other: TitlePhrase) -> bool:
    """True where the adjectives of two titles name different countries."""
    isos = [{nisba.iso for _, nisba in phrase.nisbas if nisba.iso} for phrase in (one, other)]
    return bool(isos[0] and isos[1]) and isos[0].isdisjoint(isos[1])


def _joined(units: Sequence[Unit], earlier: TitlePhrase, later: TitlePhrase) -> bool:
    """True where nothing but a comma stands between two phrases."""
    gap = units[earlier.last + 1 : later.first]
    return later.first > earlier.last and len(gap) <= 2 and all(not u.folded and u.mention is None for u in gap)


def _link(earlier: TitlePhrase, later: TitlePhrase) -> str:
    """How two joined phrases follow each other: after 'and', after a comma, or at once."""
    if later.head.prefix:
        return "and"
    return "comma" if later.first > earlier.last + 1 else "next"


def coordinated(
    units: Sequence[Unit], holder: int, *, several: bool, portfolios: bool, titles: Collection[int] = ()
) -> Iterator[Further]:
    """The further bearers of a title: والبيلاروسي X، وتركيا Y، وZ, and with ``portfolios`` والدفاع X.

    The list ends at a title of somebody's own, which starts at one of the units ``titles``: السفير المصري X. A title
    that is not of ``several`` goes on with 'and' alone.
    """
    found = Further(holder)
    joined = False
    for at in range(holder + 1, len(units)):
        unit = units[at]
        after_comma = units[at - 1].mark in ("،", ",")
        if unit.mention is not None and unit.type is EntityType.PER:
            if not (joined or unit.prefix == "و"):
                return
            yield replace(found, at=at)
            found, joined = Further(at), False
        elif unit.mention is not None:
            if unit.prefix != "و" and not after_comma:
                return
            found, joined = replace(found, of=unit.mention, nisba=None), True
        elif unit.folded:
            if at in titles or not (several or joined or unit.folded.startswith("و")):
                return
            step = _told_of_further(found, unit, at, after_comma, portfolios)
            if step is None and unit.folded not in words_of("honorific"):
                return
            found, joined = step or found, joined or step is not None
        elif unit.mark not in "،,\"'«»":
            return


def _told_of_further(found: Further, unit: Unit, at: int, after_comma: bool, portfolios: bool) -> Further | None:
    """What a word before a further bearer adds: a nationality or a word of the portfolio; None for any other word."""
    nisba = find_nisba(unit.folded)
    if nisba is not None and not (portfolios and unit.folded in words_of("portfolio_nisba")):
        return replace(found, nisba=nisba.iso, of=None)
    word = split_word(unit.folded)
    starts = word.prefix == "و" or after_comma
    if not portfolios or not word.definite or not (starts or found.portfolio) or len(found.portfolio) == MAX_PORTFOLIO:
        return None
    if unit.folded in words_of("stop") or unit.folded in words_of("honorific") or unit.folded in title_heads():
        return None
    return replace(found, portfolio=(*found.portfolio, at))


def _is_sent(units: Sequence[Unit], body: int) -> bool:
    """True where only part of a body is led: وفد من, بعثة, لجنة في."""
    for unit in reversed(units[max(0, body - MAX_SENT) : body]):
        if unit.type is EntityType.PER or (unit.mark and unit.mark not in _QUOTES):
            return False
        if {unit.folded, split_word(unit.folded).stem} & words_of("delegation"):
            return True
    return False


@cache
def _led_by() -> dict[str, str]:
    """The words that tell who leads a body, each with the head of a title that it gives."""
    return {word: lemma for lemma, group in _LED_BY.items() for word in words_of(group)}


def find_led(units: Sequence[Unit]) -> Iterator[tuple[TitlePhrase, int]]:
    """A body and, right after words like برئاسة or الذي يتزعمه, the person who leads it: a title, and its bearer.

    Who leads a delegation of a body (وفد من) is not its head.
    """
    led_by = _led_by()
    for at, unit in enumerate(units):
        lemma = led_by.get(unit.folded)
        if lemma is None:
            continue
        before = at - 1
        while before >= 0 and (units[before].mark in _CLOSING or units[before].folded in words_of("relative")):
            before -= 1
        if before < 0 or units[before].type is not EntityType.ORG or _is_sent(units, before):
            continue
        body = Body(before, units[before].mention or 0, "")
        phrase = TitlePhrase(at, at, title_heads()[fold(lemma)], (at,), (), (body,), former=False, inner=None)
        holder = holder_after(units, phrase)
        if holder is not None and holder[1] != "comma":
            yield phrase, holder[0]

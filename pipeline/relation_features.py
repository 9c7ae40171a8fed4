"""The features of a pair of names that may be related: every one is made here, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import takewhile

from pipeline.folded import fold_word
from pipeline.gazetteer import find_nisba, fold_name, places, title_heads
from pipeline.relation_words import CLITICS, MARKS, QUOTES, owned_class, relation_cue, role_form, word_class
from pipeline.schema import Entity, EntityType, Mention, Span

_ROLES = frozenset({"player", "member", "staff", "states", "join", "comprise", "family"})
_LIGHT = frozenset({"nisba", "comma", "mark", "honorific", "number", "player", "place", "body", "sport"})
"""Classes of words that may stand between a body and the one whose role in it was told before it."""
_APPOINT = frozenset({"appoint", "appoint+"})
_ENDS = frozenset(".؟?!؛;:")
_TELLING = frozenset({"comprise", "namely", "states", "member", "join"})
_LOOK_BACK = 5
"""Words before a body in which its member's role may stand: عضو الجناح السياسي في الحزب."""
_LOOK_FAR = 8
"""How many words before two names the word may stand that says that one appoints the other: عين الرئيس سامر ياسر."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two names of one sentence with the features of what stands between and around them.

    ``head`` is the one on the left; of two types, the person or place before the body that it may be a member of.
    ``sides`` are the first and last word of the one on the left and of the one on the right.
    """

    head: str
    tail: str
    sentence: int
    span: Span
    features: tuple[str, ...]
    sides: tuple[tuple[int, int], tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Name:
    """A name of a sentence: its mention and entity, its first and last word, and the clitics before it."""

    mention: Mention
    entity: Entity
    first: int
    last: int
    clitic: str


@dataclass(frozen=True, slots=True)
class NameList:
    """Names that are only joined by commas and و, or a name alone: the numbers of the first and the last."""

    first: int
    last: int


def describe(
    words: Sequence[str], names: Sequence[Name], lists: Sequence[NameList], left: int, right: int
) -> Iterator[str]:
    """Every feature of the names number ``left`` and ``right``; ``words`` are the sentence's, folded."""
    view = _View(words, names, lists, left, right)
    yield from _near_words(view)
    yield from _word_classes(view)
    if EntityType.LOC in view.kinds:
        yield from _geography(view)
    if EntityType.ORG in view.kinds and view.kinds[0] is not view.kinds[1]:
        yield from _roles(view)
        yield from _members(view)
    if EntityType.PER in view.kinds:
        yield from _appointing(view)
        yield from _owning(view)


def describe_adjective(words: Sequence[str], name: Name, at: int, country: Entity) -> Iterator[str]:
    """Every feature of a place and the country that the adjective at word ``at`` names; ``words`` are folded."""
    after = at > name.last
    before = name.first - 1 if after else at - 1
    head = words[before] if before >= 0 else "#"
    rank, iso = _place(name.entity)
    side = f"adjective={'after' if after else 'before'}"
    same = str(iso == country.country) if iso else "unknown"
    yield from (side, f"{side}+head={role_form(head)}", f"{side}+head={word_class(head)}+class")
    yield from (f"{side}+geo={same}", f"{side}+geo={same}+{rank}", f"{side}+feminine={words[at].endswith('ه')}+{rank}")


class _View:
    """A pair as its features see it: the words between, before and after, where lists count as one name."""

    def __init__(
        self, words: Sequence[str], names: Sequence[Name], lists: Sequence[NameList], left: int, right: int
    ) -> None:
        near, far = lists[left], lists[right]
        same = near is far
        self.words = words
        self.one, self.other = names[left], names[right]
        self.kinds = (self.one.entity.type, self.other.entity.type)
        self.begin, self.end = names[left if same else near.last], names[right if same else far.first]
        self.first = names[left if same else near.first].first
        self.final = names[right if same else far.last].last
        self.types = f"{self.kinds[0].value}-{self.kinds[1].value}"
        self.where = f"{'same' if same else ''}{_in_list(near, left, near.last)}{_in_list(far, right, far.first)}"
        listed = near if self.kinds[1] is EntityType.ORG else far
        self.size = listed.last - listed.first + 1
        inside = range(left + 1, right) if same else range(near.last + 1, far.first)
        self.n_inside = len({lists[at].first for at in inside})
        self.path = self._path([names[at] for at in inside])
        self.gap = str(next(most for most in (0, 1, 2, 4, 9) if len(self.path) <= most or most == 9))
        self.letter = self.end.clitic if all(letter in CLITICS for letter in self.end.clitic) else ""

    def _path(self, inside: Sequence[Name]) -> list[str]:
        """The words between, names among them as their types, neighbours of one type as one."""
        named = {at: f"[{name.entity.type.value}]" for name in inside for at in range(name.first, name.last + 1)}
        between = [named.get(at, self.words[at]) for at in range(self.begin.last + 1, self.end.first)]
        return [
            word for at, word in enumerate(between) if not word.startswith("[") or at == 0 or between[at - 1] != word
        ]

    @property
    def is_told_again(self) -> bool:
        """True where the first word of the first name stands between, with the article: مجموعة X ... المجموعة."""
        word = self.words[self.begin.first].removeprefix(self.begin.clitic).removeprefix("ال")
        return f"ال{word}" in self.path

    def word(self, at: int) -> str:
        """A word of the sentence; a hash before its start and after its end."""
        return self.words[at] if 0 <= at < len(self.words) else "#"


def _near_words(view: _View) -> Iterator[str]:
    """The types, the words between, before and after as they stand, and their relation cues."""
    types, gap, letter, path = view.types, view.gap, view.letter, view.path
    first, last = (path[0], path[-1]) if path else ("#", "#")
    before, after = view.word(view.first - 1), view.word(view.final + 1)
    country = f"{view.one.entity.country is not None}-{view.other.entity.country is not None}"
    yield from (f"types={types}", f"types={types}+gap={gap}", f"types={types}+country={country}")
    yield from (f"inside={view.n_inside}+{types}", f"lists={view.where}+{types}")
    yield from (f"clitic={letter}+{types}+gap={gap}", f"clitic={letter}+{types}+last={last}")
    yield f"clitic={letter}+{types}+country={country}+gap={gap}"
    yield from (f"last={last}+{types}", f"first={first}+{types}", f"before={before}+{types}", f"after={after}+{types}")
    if len(path) <= 3:
        yield f"path={' '.join(path)}+{letter}+{types}"
        yield f"path={' '.join(path)}+{letter}+{types}+country={country}"
    yield f"marks={any(word in MARKS for word in path)}+{types}"
    yield f"and={letter[:1] == 'و' or last == 'و'}+{types}+gap={gap}"
    yield f"head={view.words[view.one.first].lstrip(CLITICS).removeprefix('ال')}+{types}+gap={gap}"
    yield f"tail={view.words[view.other.first].removeprefix('ال')}+{types}+gap={gap}"
    yield from (f"cue={cue}+{types}" for cue in sorted({relation_cue(word) for word in path} - {""}))
    yield from (f"before={relation_cue(before)}+cue+{types}", f"after={relation_cue(after)}+cue+{types}")


def _word_classes(view: _View) -> Iterator[str]:
    """What the words are: roles, memberships, kin, directions, heads of places."""
    types, gap, path = view.types, view.gap, view.path
    kinds = [kind for word in path if (kind := word_class(word))]
    yield from (f"class={kind}+{types}" for kind in sorted(set(kinds)))
    first, last = (word_class(path[0]), word_class(path[-1])) if path else ("#", "#")
    before = word_class(view.word(view.first - 1))
    yield f"before={before}+class+{types}+gap={gap}"
    yield f"before={before}+class+last={last}+{types}"
    yield f"last={last}+class+{types}+gap={gap}"
    yield f"ends={first}-{last}+class+{view.letter}+{types}"
    if len(kinds) <= 4:
        yield f"classes={' '.join(kinds)}+{view.letter}+{types}"


def _geography(view: _View) -> Iterator[str]:
    """Whether a gazetteer puts both into one country, and of what rank they are: the text must still say it."""
    types = view.types
    (rank, iso), (other_rank, other_iso) = _place(view.one.entity), _place(view.other.entity)
    same = str(iso == other_iso) if iso and other_iso else "unknown"
    ranks = f"{rank}-{other_rank}"
    by = view.letter[-1:] if view.letter[-1:] in ("ب", "ل") else view.path[-1] if view.path else "#"
    yield from (f"geo={same}+{types}", f"geo={same}+{ranks}+{types}", f"geo={same}+{types}+gap={view.gap}")
    yield from (f"geo={same}+{types}+by={by}", f"ranks={ranks}+{types}+by={by}")
    if not set(_name_words(view.one.entity.name)).isdisjoint(_name_words(view.other.entity.name)):
        yield f"shares a word+{types}"


def states_membership(features: Iterable[str]) -> bool:
    """Whether a member's role stands right beside the body and its member: عضو الحزب سامر."""
    return any(feature.startswith("role=member+class+clean=True+") for feature in features)


def _roles(view: _View) -> Iterator[str]:
    """Whose role of what body: عضو الحزب سامر, and سامر، عضو الحزب; the same features in both orders."""
    body_first = view.kinds[0] is EntityType.ORG
    pair = f"{view.kinds[1 if body_first else 0].value}/ORG"
    role, steps = _role_before(view, view.first if body_first else view.end.first)
    if body_first:
        touches = steps <= 3 and all(word_class(word) in _LIGHT for word in view.path)
    else:
        touches = bool(role) and view.end.first - steps - view.begin.last <= 2
    clean = touches and not view.n_inside
    kind = word_class(role)
    yield f"role={role}+clean={clean}+{pair}"
    yield f"role={kind}+class+clean={clean}+{pair}"
    yield f"role={kind}+class+clean={clean}+{pair}+lists={view.where}"
    yield f"role={kind}+class+clean={clean}+steps={min(steps, 4)}+body first={body_first}+{pair}"
    yield f"listed={min(view.size, 4)}+body first={body_first}+role={kind}+{pair}"


def _members(view: _View) -> Iterator[str]:
    """How long the list beside a body is, and whether the words between say that it comprises them."""
    body_first = view.kinds[0] is EntityType.ORG
    pair = f"{view.kinds[1 if body_first else 0].value}/ORG"
    size = min(view.size, 4)
    yield from (f"listed={size}+{pair}", f"listed={size}+last={word_class(view.path[-1]) if view.path else '#'}+{pair}")
    for kind in sorted({word_class(word) for word in view.path} & _TELLING):
        yield f"listed={view.size > 2}+has={kind}+body first={body_first}+{pair}"
        yield f"has={kind}+inside={view.n_inside}+{pair}"
        yield f"has={kind}+again={view.is_told_again}+listed={view.size > 2}+{pair}"


def _owning(view: _View) -> Iterator[str]:
    """What the second is to someone told before, by a pronoun: النادي ... لاعبه سامر، سالم ... وزوجته سلمى."""
    owned = next(filter(None, map(owned_class, view.path[:-4:-1])), "")
    if owned and view.kinds[1] is EntityType.PER:
        yield from (f"owned={owned}+{view.types}", f"owned={owned}+inside={view.n_inside}+{view.types}")
        yield f"owned={owned}+touching={owned_class(view.path[-1]) == owned}+inside={view.n_inside}+{view.types}"


def _appointing(view: _View) -> Iterator[str]:
    """Where a word of appointing stands, and whether an office in the accusative follows: تعيين سامر وزيرا."""
    between = [word for word in view.path if word_class(word) in _APPOINT]
    before = takewhile(lambda word: word not in _ENDS, view.words[max(0, view.first - _LOOK_FAR) : view.first][::-1])
    told = next((word for word in before if word_class(word) in _APPOINT), "")
    if not between and not told:
        return
    after = view.word(view.final + 1)
    head = title_heads(fold_word).get(after)
    office = head is not None and head.accusative
    last = bool(between) and view.path[-1] == between[-1]
    sides = (("between", bool(between)), ("touching", last), ("before", bool(told)))
    where = "-".join(name for name, is_so in sides if is_so)
    yield from (f"appoints={where}+{view.types}", f"appoints={where}+office={office}+{view.types}")
    yield f"appoints={where}+inside={view.n_inside}+{view.types}"
    yield f"appoints={where}+office={office}+inside={view.n_inside}+letter={view.letter}+{view.types}"
    for side, word in (("between", between[-1] if between else ""), ("before", told)):
        if word:
            yield f"appoints={side}+by={role_form(word)}+plus={word_class(word)[-1] == '+'}+{view.types}"


def _role_before(view: _View, at: int) -> tuple[str, int]:
    """The nearest word of a role before word ``at`` and how many words back; empty and nine where there is none."""
    for steps in range(1, _LOOK_BACK + 1):
        word = view.word(at - steps)
        if word_class(word).rstrip("+") in _ROLES:
            return role_form(word), steps
        if word == "#" or (word in MARKS and word not in QUOTES):
            break
    return "", 9


def _in_list(members: NameList, at: int, end: int) -> str:
    """Whether a name stands alone, at the near end of its list, or farther."""
    return "alone" if members.first == members.last else "near" if at == end else "far"


@lru_cache(maxsize=20_000)
def _name_words(name: str) -> tuple[str, ...]:
    return tuple(fold_name(name).split())


@lru_cache(maxsize=20_000)
def _home_of(name: str) -> str:
    """The country of the adjective in a body's name, empty where it has none."""
    nisba = next(filter(None, map(find_nisba, _name_words(name)[1:])), None)
    return (nisba.iso or "") if nisba else ""


def _place(entity: Entity) -> tuple[str, str]:
    """Rank and country of a place, or of a body by the adjective in its name; empty where unknown."""
    if entity.country:
        return "country", entity.country
    if entity.type is not EntityType.LOC:
        return "body", _home_of(entity.name)
    kind, iso, _ = places().get(" ".join(_name_words(entity.name)), ("", "", None))
    return kind, iso

"""Several meetings told in one sentence: التقى X نظيره Y في المدينة، كما التقى Z.

A verb of meeting after a word such as كما or ثم opens a part of the sentence with guests of its own. Its subject is
named there, or carried over from the part before. Guests of two parts did not meet each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipeline.folded import fold_word
from pipeline.meetings.candidates import Candidate
from pipeline.meetings.chains import find_chains
from pipeline.meetings.cues import cue_of
from pipeline.meetings.phrases import is_mark
from pipeline.meetings.triggers import lemmas_of, read_form
from pipeline.meetings.view import Link, Trigger, View
from pipeline.meetings.wording import words_of
from pipeline.schema import EntityType

_NEAR = 3  # words of time between a verb and its subject
_GUEST_WITHIN = 5  # words between a verb and the guest whom it goes on to
_HOST_AND_GUEST = 2  # persons whom a first part must name before another guest is gone on to
_THAT = frozenset(map(fold_word, ("أن", "بأن")))  # إن is the first of them, folded
_SCENE = frozenset({"during", "after", "beforehand", "at"})
_APART = frozenset({"with", "between", "to", "from", "in", "at"})

Chains = Mapping[int, tuple[Link, int]]


@dataclass(frozen=True, slots=True)
class Clauses:
    """The parts of a sentence: where each begins, who is named in it, and whose meetings it goes on to tell."""

    starts: tuple[int, ...]
    named: tuple[frozenset[str], ...]
    carried: tuple[frozenset[str], ...]

    def tell(self, trigger: Trigger, *candidates: Candidate) -> bool:
        """Whether the part that holds the trigger tells of them; of who is named in no part, any may."""
        part = part_of(self.starts, trigger.token)
        own, known = self.named[part] | self.carried[part], frozenset().union(*self.named)
        return all(one.entity_id in own or one.entity_id not in known for one in candidates)


def find_clauses(view: View, sentence: int) -> Clauses | None:
    """The parts of a sentence that tell of meetings one after another; None where it is all of one part."""
    row = view.words[sentence]
    persons = persons_in(view, sentence)
    starts = [0]
    for at in range(1, len(row)):
        start = starts[-1]
        if _opens(row, at) or any(opens(row, start, at, persons) for opens in _OPENINGS):
            starts.append(at)
    if len(starts) == 1:
        return None
    parts: list[list[Link]] = [[] for _ in starts]
    for link in persons:
        parts[part_of(starts, link.first)].append(link)
    chains = find_chains(view, sentence)
    carried: list[frozenset[str]] = []
    speakers: frozenset[str] = frozenset()
    for number, (start, part) in enumerate(zip(starts, parts, strict=True)):
        subject = _subject(row, start, part, chains) if number else first_subject(row, starts[1], part, chains)
        carried.append(frozenset() if subject else speakers)
        speakers = with_mates(subject, part, chains) if subject else speakers
    return Clauses(tuple(starts), tuple(frozenset(link.entity_id for link in part) for part in parts), tuple(carried))


def find_left(view: View, sentence: int) -> frozenset[str]:
    """Who was met in the sentence before and is left behind: this one opens with another meeting of the same host.

    استقبل X السفير Y. كما استقبل الوزير Z; not where it names its own host, or nobody whom he met.
    """
    row, persons = view.words[sentence], persons_in(view, sentence)
    verb = next((at for at in range(min(2, len(row))) if _opens_sentence(row, at)), None)
    guest = next((link for link in persons if verb is not None and link.start > verb), None)
    if verb is None or guest is None or not sentence or not _goes_on_to(row, verb, guest):
        return frozenset()
    before, others = view.words[sentence - 1], persons_in(view, sentence - 1)
    if _subject(row, verb, persons, find_chains(view, sentence)) is not None or not others:
        return frozenset()
    chains = find_chains(view, sentence - 1)
    host = first_subject(before, len(before), others, chains)
    hosts = with_mates(host, others, chains) if host is not None else frozenset()
    return frozenset(link.entity_id for link in others) - hosts - {link.entity_id for link in persons}


def _opens_sentence(row: Sequence[str], at: int) -> bool:
    """Whether a verb of meeting opens a sentence, after و or a word such as كما, with neither pronoun nor dual."""
    form = read_form(row[at])
    if form is None or form.pos != "verb" or form.pronoun or form.number or form.lemma not in lemmas_of("opens"):
        return False
    return form.clitic == "و" if at == 0 else row[0] in words_of("next_meeting")


def persons_in(view: View, sentence: int) -> list[Link]:
    """The persons of a sentence, by name or otherwise, in their order."""
    return [link for link in view.links[sentence] if link.type is EntityType.PER]


def part_of(starts: Sequence[int], token: int) -> int:
    """The number of the part that holds a token."""
    return sum(1 for start in starts if start <= token) - 1


def _opens(row: Sequence[str], at: int) -> bool:
    """Whether a word opens a part: a verb of meeting after كما, or another meeting (ولقاء آخر)."""
    form = read_form(row[at])
    if form is None or form.pronoun:  # واستقبله goes on with whom was spoken of
        return False
    if form.pos == "noun":
        return bool(form.kind) and form.clitic == "و" and not words_of("another").isdisjoint(row[at + 1 : at + 2])
    before = row[at - 1], " ".join(row[max(0, at - 2) : at])
    return form.lemma in lemmas_of("opens") and not words_of("next_meeting").isdisjoint(before)


def _opens_scene(row: Sequence[str], start: int, at: int, persons: Sequence[Link]) -> bool:
    """Whether a meeting is told after another one as the time of it: سيلتقي X، خلال استقباله Y; بعد أيام من لقائه Y."""
    form = read_form(row[at])
    if form is None or form.pos != "noun" or form.kind != "meeting" or form.pronoun not in ("ه", "ها"):
        return False
    told = (read_form(row[earlier]) for earlier in range(start, at))
    return (
        _tells_when(row, at)
        and any(link.start in range(at + 1, at + 2 + _NEAR) for link in persons)
        and any(one is not None and one.lemma in lemmas_of("opens") for one in told)
    )


def _tells_when(row: Sequence[str], at: int) -> bool:
    """Whether what stands at ``at`` says when something else was: خلال لقائه, بعد يوم من لقائه."""
    if row[at - 1] == "من":
        return any(cue_of(word) in ("after", "beforehand") for word in row[max(0, at - 1 - _NEAR) : at - 1])
    return cue_of(row[at - 1]) in _SCENE


def _opens_future(row: Sequence[str], start: int, at: int, persons: Sequence[Link]) -> bool:
    """Whether a meeting to come is told after another one: التقى X، وسيلتقي Y; التقى X، ومن المقرر أن يلتقي Y."""
    form = read_form(row[at])
    if form is None or form.pos != "verb" or form.lemma not in lemmas_of("opens"):
        return False
    announced = " ".join(row[max(0, at - 2) : at]) in words_of("announced")
    if form.tense != "future" and not announced:
        return False
    head = next((back for back in range(at, max(start, at - 4), -1) if row[back].startswith("و")), None)
    if head is None or any(link.first in range(head, at) for link in persons):
        return False
    told = (read_form(row[earlier]) for earlier in range(start, head))
    return any(one is not None and one.lemma in lemmas_of("opens") and one.tense == "past" for one in told)


def _opens_provided(row: Sequence[str], start: int, at: int, persons: Sequence[Link]) -> bool:
    """Whether a meeting is told that is to come after another one: وصل للقاء X، على أن يلتقي Y في وقت لاحق."""
    form = read_form(row[at])
    if form is None or form.pos != "verb" or form.tense != "present" or form.lemma not in lemmas_of("opens"):
        return False
    if at < start + _NEAR or row[at - 2 : at] != [fold_word("على"), fold_word("أن")] or not is_mark(row[at - 3]):
        return False
    met = {link.entity_id for link in persons if start <= link.first < at}
    return len(met) >= _HOST_AND_GUEST and any(link.start > at and link.entity_id not in met for link in persons)


def _opens_again(row: Sequence[str], start: int, at: int, persons: Sequence[Link]) -> bool:
    """Whether a verb of meeting goes on to another guest, two being named before: التقى X Y، واجتمع مع Z; حيث التقى Z.

    Not with whoever was met before: وعقد معه, وعقدا, واستقبله.
    """
    form = read_form(row[at])
    if form is None or form.pos != "verb" or form.tense != "past" or form.pronoun or form.number:
        return False
    goes_on = row[at - 1] == fold_word("حيث") or (form.clitic == "و" and is_mark(row[at - 1]))
    if not goes_on or form.lemma not in lemmas_of("opens"):
        return False
    met = {link.entity_id for link in persons if start <= link.first < at}
    guest = next((link for link in persons if link.first > at), None)
    if guest is None or guest.entity_id in met or len(met) < (1 if start else _HOST_AND_GUEST):
        return False
    told = (read_form(word) for word in row[start:at])
    return any(one is not None and one.kind for one in told) and _goes_on_to(row, at, guest)


def _opens_for_host(row: Sequence[str], start: int, at: int, persons: Sequence[Link]) -> bool:
    """Whether the host of a meeting is met by another one after it: اجتمع X مع Y، ثم استقبله Z."""
    form = read_form(row[at])
    if form is None or form.pos != "verb" or form.pronoun not in ("ه", "ها") or form.lemma not in lemmas_of("opens"):
        return False
    met = {link.entity_id for link in persons if start <= link.first < at}
    named = any(link.start in range(at + 1, at + 1 + _NEAR) for link in persons)
    return named and len(met) >= _HOST_AND_GUEST and row[at - 1] in words_of("next_meeting")


def _opens_doing(row: Sequence[str], start: int, at: int, persons: Sequence[Link]) -> bool:
    """Whether a noun begins to tell of someone's doings, who meets others: قال X ذلك بعد زيارة Y المدينة ولقائه Z."""
    form = read_form(row[at])
    owner = next((link for link in persons if link.start == at + 1 and not link.clitic), None)
    if form is None or form.pos != "noun" or form.pronoun or form.definite or owner is None:
        return False
    if not any(start <= link.first < at for link in persons):
        return False
    goes_on = (
        on
        for on in range(owner.last + 1, len(row))
        if (other := read_form(row[on])) and other.pos == "noun" and other.pronoun and other.clitic == "و"
    )
    meets = next(goes_on, None)
    return meets is not None and any(link.start == meets + 1 for link in persons)


def _opens_after_scene(row: Sequence[str], start: int, at: int, persons: Sequence[Link]) -> bool:
    """Whether a verb goes on to another meeting after the one that tells when that was: عقب لقاء X مع Y، التقى X Z."""
    form = read_form(row[at])
    if form is None or form.pos != "verb" or form.pronoun or form.number or not is_mark(row[at - 1]):
        return False
    scenes = (on for on in range(start + 1, at) if _tells_when(row, on) and (one := read_form(row[on])) and one.kind)
    scene = next(scenes, None)
    if form.lemma not in lemmas_of("opens") or scene is None or scene - start > _NEAR:
        return False
    met = {link.entity_id for link in persons if scene <= link.first < at}
    return len(met) >= _HOST_AND_GUEST and any(link.start > at and link.entity_id not in met for link in persons)


def _opens_statement(row: Sequence[str], start: int, at: int, persons: Sequence[Link]) -> bool:
    """Whether someone begins to tell of others' meeting: صرح X أمس بأن Y اجتمع مع Z; not of his own (استقبله Y).

    So it is with whom he met, of a meeting with somebody else: التقى X Y، وقال إن Y يسعى للقاء Z.
    """
    if row[at] not in _THAT or not any(cue_of(word) == "report" for word in row[start:at]):
        return False
    after = [link for link in persons if link.start > at]
    tellers = {link.entity_id for link in persons if start <= link.first < at}
    if not tellers or not after or after[0].clitic or not _adjacent(row, at + 1, after[0].start):
        return False
    forms = [form for word in row[after[0].last + 1 :] if (form := read_form(word)) is not None]
    if any(form.pos == "verb" and form.pronoun for form in forms):
        return False
    new = {link.entity_id for link in after} - tellers
    if any(form.pos == "verb" and form.lemma in lemmas_of("opens") for form in forms):
        return len(new) >= _HOST_AND_GUEST
    met = any((form := read_form(word)) and form.lemma in lemmas_of("opens") for word in row[start:at])
    return met and len(tellers) >= _HOST_AND_GUEST and bool(new) and any(form.kind for form in forms)


_OPENINGS = (
    _opens_scene,
    _opens_future,
    _opens_provided,
    _opens_again,
    _opens_for_host,
    _opens_doing,
    _opens_after_scene,
    _opens_statement,
)


def _goes_on_to(row: Sequence[str], verb: int, guest: Link) -> bool:
    """Whether a guest stands near behind a verb, and nothing there tells of whom he joins (معه)."""
    between = row[verb + 1 : guest.start]
    return len(between) <= _GUEST_WITHIN and words_of("same_guest").isdisjoint(between)


def _subject(row: Sequence[str], verb: int, part: Sequence[Link], chains: Chains) -> Link | None:
    """Who stands right after a verb of meeting, where others stand after it as well; else that is who was met."""
    after = [link for link in part if link.start > verb]
    if not after or after[0].clitic or not _adjacent(row, verb + 1, after[0].start):
        return None
    mates = with_mates(after[0], part, chains)
    return after[0] if any(link.entity_id not in mates for link in after) else None


def first_subject(row: Sequence[str], end: int, part: Sequence[Link], chains: Chains) -> Link | None:
    """Who meets in the first part: who stands beside its verb of meeting, before or after it, else the first named."""
    verbs = (at for at in range(end) if (form := read_form(row[at])) and form.lemma in lemmas_of("opens"))
    verb = next(verbs, None)
    if verb is not None:
        before = next(
            (link for link in reversed(part) if link.last < verb and _adjacent(row, link.last + 1, verb)), None
        )
        found = before or _subject(row, verb, part, chains)
        if found is not None:
            return found
    return part[0] if part else None


def _adjacent(row: Sequence[str], start: int, end: int) -> bool:
    between = row[start:end]
    return len(between) <= _NEAR and not any(is_mark(word) or cue_of(word) in _APART for word in between)


def with_mates(link: Link, part: Sequence[Link], chains: Chains) -> frozenset[str]:
    """The person and those listed with them (X وY)."""
    head = chains[link.first][0].first if link.first in chains else link.first
    listed = (one for one in part if one.first == head or (one.first in chains and chains[one.first][0].first == head))
    return frozenset(one.entity_id for one in listed) | {link.entity_id}

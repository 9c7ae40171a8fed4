"""Whether an event took place, is to come, was called off or never was: features for a scorer.

What governs the trigger tells most: the nearest signal word before it in its clause, the tense of the verbs around it,
and whether the day that is told lies after the day of publication.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import takewhile

from pipeline.folded import fold_word
from pipeline.gazetteer import read_groups
from pipeline.meetings.attributes import Told, cues_of
from pipeline.meetings.cues import cue_of
from pipeline.meetings.features import bucket, word_shape
from pipeline.meetings.phrases import is_mark
from pipeline.meetings.triggers import read_form
from pipeline.meetings.view import Trigger, View

_SIGNALS = frozenset({"future", "plan", "negation", "cancel", "deny", "hypothesis", "past", "photo"})
_GOVERNING = frozenset({"cancel", "deny", "negation", "future", "plan", "hypothesis"})
_FRAMES = frozenset({"cancel", "deny", "refuse", "future", "held"})
_CLAUSE = 10  # words before a trigger in which what negates it is looked for
_FUTURE_VERB = re.compile(r"[وف]?س[يتن]\w{3,}")


def describe_status(view: View, told: Told) -> list[str]:
    """Features for the status: tense and neighbours of the triggers, what governs them, and the day against today."""
    out: set[str] = set()
    for place, number in enumerate(told.triggers[:4]):
        mark = "best" if place == 0 else "other"
        out |= {f"{mark}:{feature}" for feature in _around(view, view.triggers[number])}
    for number in told.triggers:
        trigger = view.triggers[number]
        out |= {f"any:{feature}" for feature in _scope(view.words[trigger.sentence], trigger)}
        out.add(f"any:tense={trigger.form.tense}")
    frames = [frame_of(view, view.triggers[number]) for number in told.triggers]
    out |= {f"frame={frames[0]}", f"frames={'+'.join(sorted(set(frames) - {'open'}))}"}
    out |= {f"any:frame={frame}" for frame in frames} | {f"none:frame={frame}" for frame in _FRAMES - set(frames)}
    out |= set(_of_document(view, told))
    return sorted(out)


def is_under_way(view: View, trigger: Trigger) -> bool:
    """Whether the trigger is a noun under a verb that tells that it began, went on or ended (انطلقت أعمال القمة)."""
    if trigger.form.pos != "noun" or trigger.form.clitic.endswith("ل"):
        return False
    clause = _to_mark(view.words[trigger.sentence][max(0, trigger.token - _CLAUSE) : trigger.token])
    runs = read_groups("meeting_words", "runs", fold_word)
    verb = next((at for at, word in reversed(list(enumerate(clause))) if word.removeprefix("و") in runs), None)
    if verb is None or any(word in read_groups("meeting_words", "condition", fold_word) for word in clause[:verb][-1:]):
        return False
    return not any(map(_leads_away, clause[verb + 1 :]))


def _leads_away(word: str) -> bool:
    """Whether what follows the word is no longer what the verb before it is of."""
    form = read_form(word)
    return (form is not None and form.pos == "verb") or cue_of(word) in ("to", "beforehand", "future", "plan")


def _around(view: View, trigger: Trigger) -> Iterator[str]:
    form, row = trigger.form, view.words[trigger.sentence]
    left, right = row[max(0, trigger.token - 6) : trigger.token], row[trigger.token + 1 : trigger.token + 7]
    before, first = word_shape(row, trigger.token - 1), trigger.sentence == 0
    yield from (f"tense={form.tense}", f"t={form.lemma}+{form.tense}", f"first={first}")
    yield from (f"tense={form.tense}+first={first}", f"clit={form.clitic}", f"before={before}")
    yield from (f"before2={word_shape(row, trigger.token - 2)}", f"after={word_shape(row, trigger.token + 1)}")
    yield f"tense={form.tense}+before={before}"
    yield from (f"left={cue}" for cue in cues_of(left))
    yield from (f"right={cue}" for cue in cues_of(right))
    yield from (f"tense={form.tense}+left={cue}" for cue in cues_of(left))
    yield from (f"sentence={cue}" for cue in cues_of(row) & _SIGNALS)
    yield from (f"verb={tense}" for tense in _nearest_tense(row, trigger))
    plain = without_names(view, trigger.sentence)
    soon = is_soon(plain[max(0, trigger.token - 10) : trigger.token + 1])
    yield from (f"soon={soon}", f"soonafter={is_soon(plain[trigger.token + 1 : trigger.token + 7])}")
    yield f"t={form.lemma}+left={'+'.join(sorted(cues_of(left) & _SIGNALS))}"
    signals = "+".join(sorted(cues_of(row[max(0, trigger.token - 14) : trigger.token + 15]) & _SIGNALS))
    yield from (f"signals={signals}", f"signals={signals}+{form.tense}")
    yield from _scope(row, trigger)
    day = _day(view, trigger)
    yield from (f"day={day}", f"day={day}+tense={form.tense}", f"day={day}+clit={form.clitic}")


def _scope(row: Sequence[str], trigger: Trigger) -> Iterator[str]:
    """The nearest signal words before and after the trigger in its clause, with how far they are."""
    for back in range(1, min(11, trigger.token + 1)):
        word = row[trigger.token - back]
        if word in (".", "؛", "!", "؟"):
            break
        cue = cue_of(word)
        if cue in _GOVERNING:
            near = bucket(back, (1, 2, 3, 5, 8))
            yield from (f"under={cue}", f"under={cue}+{near}", f"under={word}", f"under={cue}+{trigger.form.tense}")
            break
    for on in range(1, min(9, len(row) - trigger.token)):
        word = row[trigger.token + on]
        if is_mark(word):
            break
        cue = cue_of(word)
        if cue in _GOVERNING:
            yield from (f"over={cue}", f"over={cue}+{bucket(on, (1, 2, 4))}", f"over={word}")
            break


def frame_of(view: View, trigger: Trigger) -> str:
    """What the words that govern the trigger make of it: deny, cancel, refuse, future, held; open where none does.

    A denial reaches from the main clause into what follows it, but not the meeting at which it was spoken (نفى خلال
    لقائه); a cancellation touches the trigger; what others said during or after a meeting shows that it was held.
    """
    at, form, row = trigger.token, trigger.form, view.words[trigger.sentence]
    near = list(takewhile(lambda word: not is_mark(word), reversed(row[max(0, at - 3) : at])))[::-1]
    before, after = [cue_of(word) for word in near], [cue_of(word) for word in row[at + 1 : at + 3]]
    scene = is_scene(view, trigger)
    if "cancel" in before or after[:1] == ["cancel"]:
        return "cancel"
    if is_negated(view, trigger) or (any(cue_of(word) == "deny" for word in row[:at]) and not scene):
        return "deny"
    if _stands_under(near, "will_not"):
        return "refuse"  # which calls the meeting off and does not deny it
    soon = is_soon(without_names(view, trigger.sentence)[max(0, at - 4) : at])
    may = form.tense == "present" and not read_groups("meeting_words", "may", fold_word).isdisjoint(near[-1:])
    if form.tense == "future" or may or {"future", "plan"} & set(before) or soon or cue_of(trigger.word) == "future":
        return "future"
    if after[:1] == ["future"]:
        return "future"
    supposed = any(
        cue_of(word) == "hypothesis" and word.lstrip("ولف") != "قد" for word in near
    )  # قد التقى tells a fact
    if scene or is_under_way(view, trigger) or (form.tense == "past" and not supposed):
        return "held"
    return "open"


def is_scene(view: View, trigger: Trigger) -> bool:
    """Whether the trigger is a noun that tells when something else happened: خلال لقائه."""
    before = view.words[trigger.sentence][max(0, trigger.token - 2) : trigger.token]
    return trigger.form.pos == "noun" and any(cue_of(word) in ("during", "after") for word in _to_mark(before))


def is_negated(view: View, trigger: Trigger) -> bool:
    """Whether the text says in the trigger's clause that there was no meeting, or that none is planned.

    The negation governs the trigger, at most over words of happening (لم يعقد أي لقاء); in لم يكتسب الكثير من لقائه it
    governs another verb.
    """
    clause = _to_mark(view.words[trigger.sentence][max(0, trigger.token - _CLAUSE) : trigger.token])
    return not is_scene(view, trigger) and (_stands_under(clause, "not") or _stands_under(clause, "unplanned"))


def _to_mark(words: Sequence[str]) -> list[str]:
    """The last of the words, back to a mark."""
    return list(takewhile(lambda word: not is_mark(word), reversed(words)))[::-1]


def _stands_under(before: Sequence[str], group: str) -> bool:
    """Whether what follows the words stands under words of the group, with only words of happening between."""
    happens = read_groups("meeting_words", "happens", fold_word)
    between = list(takewhile(happens.__contains__, reversed(before)))
    spoken = f" {' '.join(before[: len(before) - len(between)])}"
    return spoken.endswith(_governors(group))


@cache
def _governors(group: str) -> tuple[str, ...]:
    """How words end that end with words of the group, which و may open."""
    words = sorted(read_groups("meeting_words", group, fold_word))
    return tuple(f" {conjunction}{word}" for word in words for conjunction in ("", "و"))


def _of_document(view: View, told: Told) -> Iterator[str]:
    """Cancellations and denials in the headline, at the head of the telling sentences, and how many there are."""
    sentences = sorted({view.triggers[number].sentence for number in told.triggers})
    for cue in ("cancel", "deny"):
        count = sum(1 for index in sentences for word in view.words[index] if cue_of(word) == cue)
        yield f"{cue}s={bucket(count, (0, 1, 2, 3))}"
        if any(cue_of(word) == cue for row in view.words[:1] for word in row):
            yield f"headline={cue}"
        if any(cue_of(word) == cue for index in sentences for word in view.words[index][:2]):
            yield f"main={cue}"
    tenses = {view.triggers[number].form.tense for number in told.triggers}
    yield f"tenses={'+'.join(sorted(tenses - {''}))}"
    yield f"best={told.triggers[0] == min(told.triggers)}"


def _day(view: View, trigger: Trigger) -> str:
    """The nearest told day of the sentence against the day of publication: before, same, after, or none."""
    published = view.analysis.document.published
    if published is None:
        return "unknown"
    near = [
        (abs(one.span.start - trigger.span.start), one.span.start, one.when)
        for one in view.dates_in[trigger.sentence]
        if one.when is not None
    ]
    if not near:
        return "none"
    when = min(near, key=lambda one: one[:2])[2]
    if when.first > published:
        return "after"
    return "before" if when.last < published else "same"


def is_soon(words: Iterable[str]) -> bool:
    """Whether a verb with the future letter (سيشارك، ستقيم) is among the words; سنوات and سياسة are none."""
    no_verbs = _no_future_verbs()
    return any(_FUTURE_VERB.fullmatch(word) and not word.lstrip("وف").startswith(no_verbs) for word in words)


@cache
def _no_future_verbs() -> tuple[str, ...]:
    """How words begin that have the letters of a future verb and are none."""
    return tuple(sorted(read_groups("meeting_words", "no_future", fold_word)))


def without_names(view: View, sentence: int) -> list[str]:
    """The words of a sentence, empty where they belong to a name."""
    words = list(view.words[sentence])
    for link in view.links[sentence]:
        if link.kind == "name":
            words[link.first : link.last + 1] = [""] * (link.last + 1 - link.first)
    return words


def _nearest_tense(row: Sequence[str], trigger: Trigger) -> list[str]:
    """The tense of the nearest listed verb before the trigger, and its distance band."""
    for back in range(1, min(12, trigger.token) + 1):
        form = read_form(row[trigger.token - back])
        if form is not None and form.pos == "verb":
            return [form.tense, f"{form.tense}+{bucket(back, (1, 3, 6))}", f"{form.tense}+{form.lemma}"]
    return ["none"]

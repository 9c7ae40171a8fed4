"""Whether an event took place, is to come, was called off or never was: features for a scorer.

What governs the trigger tells most: the nearest signal word before it in its clause, the tense of the verbs around it,
and whether the day that is told lies after the day of publication.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.meetings.attributes import Told, cues_of
from pipeline.meetings.cues import cue_of
from pipeline.meetings.features import bucket, word_shape
from pipeline.meetings.happening import frame_of, tells_of_future, without_names
from pipeline.meetings.phrases import is_mark
from pipeline.meetings.triggers import read_form
from pipeline.meetings.view import Trigger, View

_SIGNALS = frozenset({"future", "plan", "negation", "cancel", "deny", "hypothesis", "past", "photo"})
_GOVERNING = frozenset({"cancel", "deny", "negation", "future", "plan", "hypothesis"})
_FRAMES = frozenset({"cancel", "deny", "refuse", "future", "held"})


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
    soon = tells_of_future(plain[max(0, trigger.token - 10) : trigger.token + 1])
    yield from (f"soon={soon}", f"soonafter={tells_of_future(plain[trigger.token + 1 : trigger.token + 7])}")
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


def _nearest_tense(row: Sequence[str], trigger: Trigger) -> list[str]:
    """The tense of the nearest listed verb before the trigger, and its distance band."""
    for back in range(1, min(12, trigger.token) + 1):
        form = read_form(row[trigger.token - back])
        if form is not None and form.pos == "verb":
            return [form.tense, f"{form.tense}+{bucket(back, (1, 3, 6))}", f"{form.tense}+{form.lemma}"]
    return ["none"]

"""What the words that govern a trigger make of its meeting: held, to come, called off, refused or denied."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import takewhile

from pipeline.folded import fold_word
from pipeline.meetings.cues import cue_of
from pipeline.meetings.phrases import is_mark
from pipeline.meetings.triggers import lemmas_of, read_form
from pipeline.meetings.view import Trigger, View
from pipeline.meetings.wording import is_in, since_mark, words_of

_CLAUSE = 10  # words before a trigger in which what governs it is looked for
_TOLD_OF = 4  # words after a noun in which the verb of its clause is looked for
_FUTURE_VERB = re.compile(r"[وف]?س[يتن]\w{3,}")


def frame_of(view: View, trigger: Trigger) -> str:
    """What the words that govern the trigger make of it: deny, cancel, refuse, future, held; open where none does.

    A denial reaches from the main clause into what follows it, but not the meeting at which it was spoken (نفى خلال
    لقائه); a cancellation touches the trigger; what others said during or after a meeting shows that it was held.
    """
    at, form, row = trigger.token, trigger.form, view.words[trigger.sentence]
    near = since_mark(row[max(0, at - 3) : at])
    before, after = [cue_of(word) for word in near], [cue_of(word) for word in row[at + 1 : at + 3]]
    scene = is_scene(view, trigger)
    if not scene and ("cancel" in before or after[:1] == ["cancel"] or is_called_off(view, trigger)):
        return "future" if is_kept(view, trigger) else "cancel"
    if is_negated(view, trigger) or (any(cue_of(word) == "deny" for word in row[:at]) and not scene):
        return "deny"
    if _stands_under(near, "will_not"):
        return "refuse"  # which calls the meeting off and does not deny it
    if form.tense == "past" and not words_of("relative").isdisjoint(near[-1:]):
        return "held"  # للزيارة التي قام بها
    soon = tells_of_future(without_names(view, trigger.sentence)[max(0, at - 4) : at])
    may = form.tense == "present" and not words_of("may").isdisjoint(near[-1:])
    if form.tense == "future" or may or {"future", "plan"} & set(before) or soon or cue_of(trigger.word) == "future":
        return "future"
    if is_ahead(view, trigger):
        return "future"
    if scene or is_under_way(view, trigger) or took_place(view, trigger):
        return "held"
    supposed = any(cue_of(word) == "hypothesis" and word.lstrip("ولف") != "قد" for word in near)  # قد التقى is told
    if form.tense == "past" and not supposed:
        return "held"
    return "open"


def is_scene(view: View, trigger: Trigger) -> bool:
    """Whether the trigger is a noun that tells when something else happened: خلال لقائه, but not بعد إلغاء لقائه."""
    before = since_mark(view.words[trigger.sentence][max(0, trigger.token - 2) : trigger.token])
    cues = [cue_of(word) for word in before]
    return trigger.form.pos == "noun" and not {"during", "after"}.isdisjoint(cues) and cues[-1:] != ["cancel"]


def is_negated(view: View, trigger: Trigger) -> bool:
    """Whether the text says in the trigger's clause that there was no meeting, or that none is planned.

    The negation governs the trigger, at most over words of happening (لم يعقد أي لقاء); in لم يكتسب الكثير من لقائه it
    governs another verb. It may stand behind a noun (اللقاء بين X وY لم يعقد); one that was to come is called off so.
    """
    clause = _clause_before(view, trigger)
    if is_scene(view, trigger) or not words_of("exception").isdisjoint(_clause_after(view, trigger)):
        return False
    if _stands_under(clause, "not") or _stands_under(clause, "unplanned"):
        return True
    return _did_not_happen(view, trigger) and not _was_to_come(view, trigger)


def _did_not_happen(view: View, trigger: Trigger) -> bool:
    """Whether a negated verb of happening stands behind a noun, with no other meeting between or behind it."""
    if trigger.form.pos != "noun":
        return False
    after = without_names(view, trigger.sentence)[trigger.token + 1 :]
    own = list(takewhile(lambda word: (form := read_form(word)) is None or form.pos != "noun", after))
    negated = words_of("not") & {fold_word("لم"), fold_word("ولم")}
    verbs = (at + 1 for at, word in enumerate(own[:-1]) if word in negated and own[at + 1] in words_of("happens"))
    verb = next(verbs, None)
    return verb is not None and (verb + 1 < len(own) or len(own) == len(after))


def _was_to_come(view: View, trigger: Trigger) -> bool:
    return any(cue_of(word) in ("future", "plan") for word in view.words[trigger.sentence])


def is_under_way(view: View, trigger: Trigger) -> bool:
    """Whether the trigger is a noun under a verb that tells that it began, went on or ended (انطلقت أعمال القمة)."""
    if trigger.form.pos != "noun" or trigger.form.clitic.endswith("ل"):
        return False
    clause = since_mark(view.words[trigger.sentence][max(0, trigger.token - _CLAUSE) : trigger.token])
    stood = words_of("stood") if trigger.form.lemma in lemmas_of("attendance") else frozenset()
    runs = words_of("runs") | stood
    verb = next((at for at, word in reversed(list(enumerate(clause))) if is_in(word, runs)), None)
    if verb is None or not words_of("condition").isdisjoint(clause[:verb][-1:]):
        return False
    return not any(map(_leads_away, clause[verb + 1 :]))


def _leads_away(word: str) -> bool:
    """Whether what follows the word is no longer what the verb before it is of."""
    form = read_form(word)
    return (form is not None and form.pos == "verb") or cue_of(word) in ("to", "beforehand", "future", "plan")


def _stands_under(before: Sequence[str], group: str) -> bool:
    """Whether what follows the words stands under words of the group, with only words of happening between."""
    happens = words_of("happens")
    between = list(takewhile(happens.__contains__, reversed(before)))
    spoken = f" {' '.join(before[: len(before) - len(between)])}"
    return spoken.endswith(_governors(group))


@cache
def _governors(group: str) -> tuple[str, ...]:
    """How words end that end with words of the group, which و may open."""
    words = sorted(words_of(group))
    return tuple(f" {conjunction}{word}" for word in words for conjunction in ("", "و"))


def tells_of_future(words: Iterable[str]) -> bool:
    """Whether a verb with the future letter (سيشارك، ستقيم) is among the words; سنوات and سياسة are none."""
    no_verbs = _no_future_verbs()
    return any(_FUTURE_VERB.fullmatch(word) and not word.lstrip("وف").startswith(no_verbs) for word in words)


@cache
def _no_future_verbs() -> tuple[str, ...]:
    """How words begin that have the letters of a future verb and are none."""
    return tuple(sorted(words_of("no_future")))


def without_names(view: View, sentence: int) -> list[str]:
    """The words of a sentence, empty where they belong to a name."""
    words = list(view.words[sentence])
    for link in view.links[sentence]:
        if link.kind == "name":
            words[link.first : link.last + 1] = [""] * (link.last + 1 - link.first)
    return words


def took_place(view: View, trigger: Trigger) -> bool:
    """Whether the trigger is a noun, and a past verb of its own clause tells that it happened (لقاء جمعه مع فلان).

    So does a word after it for what is past (اللقاء الأخير، قمة بين فلان وفلان في يونيو الماضي).
    """
    if trigger.form.pos != "noun" or trigger.form.clitic.endswith("ل"):
        return False
    after = _clause_after(view, trigger)
    if not words_of("bygone").isdisjoint(takewhile(lambda word: read_form(word) is None, after)):
        return True
    after = after[:_TOLD_OF]
    verb = next((at for at, word in enumerate(after) if word in words_of("took_place")), None)
    if verb is None:
        return False
    definite = view.words[trigger.sentence][trigger.token].find("ال") in (0, 1)
    return all(word in words_of("relative") or _describes(word, definite=definite) for word in after[:verb])


def _describes(word: str, *, definite: bool) -> bool:
    """Whether a word may be an adjective of a noun with or without the article."""
    return bool(word) and word.startswith("ال") is definite and not cue_of(word) and read_form(word) is None


def is_ahead(view: View, trigger: Trigger) -> bool:
    """Whether the trigger is prepared, agreed on or but supposed (للتحضير لاجتماع، الاتفاق على لقاء، إذا التقى).

    So is a noun that the next word says is to come (القمة المقررة).
    """
    clause = _clause_before(view, trigger)
    if trigger.form.pos == "verb":
        return not words_of("condition").isdisjoint(clause[-1:])
    if not trigger.form.pronoun and _stands_under(clause, "ahead"):
        return True
    row = view.words[trigger.sentence]
    return any(cue_of(word) == "future" for word in row[trigger.token + 1 : trigger.token + 2])


def is_kept(view: View, trigger: Trigger) -> bool:
    """Whether it is but threatened or asked for, or denied, that the trigger is called off (هدد بإلغاء لقائه)."""
    clause = _clause_before(view, trigger)
    at = next((at for at, word in reversed(list(enumerate(clause))) if cue_of(word) == "cancel"), 0)
    doubts = words_of("threat") | words_of("not") | words_of("will_not")
    return any(cue_of(word) == "deny" or is_in(word, doubts) for word in clause[:at])


def _clause_before(view: View, trigger: Trigger) -> list[str]:
    """The words before the trigger back to a mark, at most so many with names and their titles, which are left out."""
    words = without_names(view, trigger.sentence)
    for link in view.links[trigger.sentence]:
        words[link.start : link.first] = [""] * (link.first - link.start)
    start = max(0, trigger.token - _CLAUSE)
    return [word for word in since_mark(words[start : trigger.token]) if word]


def is_called_off(view: View, trigger: Trigger) -> bool:
    """Whether the trigger is a noun, and a verb after it tells that it was put off (اللقاء بين فلان وفلان ألغي)."""
    if trigger.form.pos != "noun":
        return False
    off = not words_of("called_off").isdisjoint(_clause_after(view, trigger))
    return off or (_did_not_happen(view, trigger) and _was_to_come(view, trigger))


def calls_off(row: Iterable[str]) -> bool:
    """Whether a word is among them that calls something off without naming that (رفض، انسحب، فشل)."""
    return any(is_in(word, words_of("calls_off")) for word in row)


def _clause_after(view: View, trigger: Trigger) -> list[str]:
    """The words after the trigger up to a mark, at most so many, empty where they belong to a name."""
    after = without_names(view, trigger.sentence)[trigger.token + 1 : trigger.token + 1 + _CLAUSE]
    return list(takewhile(lambda word: not is_mark(word), after))

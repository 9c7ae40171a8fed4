"""How a sentence joins two candidates: one before the trigger and one after 'with', one list, a peer, rivals."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.meetings.candidates import Candidate
from pipeline.meetings.cues import cue_of
from pipeline.meetings.features import bucket, word_shape
from pipeline.meetings.triggers import read_form
from pipeline.meetings.view import Link, Trigger, View
from pipeline.schema import EntityType


def describe_frame(
    view: View, trigger: Trigger, one: Candidate, other: Candidate, chain: Mapping[int, tuple[Link, int]]
) -> list[str]:
    """Features of the shape in which the trigger's sentence names the two; few where one is named in another."""
    kind = f"{trigger.form.kind or '-'}{trigger.form.pos[0]}{trigger.form.pronoun and 'p'}"
    if one.link.sentence != trigger.sentence or other.link.sentence != trigger.sentence:
        return _apart(trigger, kind, one, other)
    left, right = sorted((_opener(one.link, chain), _opener(other.link, chain)), key=lambda link: link.first)
    row = view.words[trigger.sentence]
    shape = "".join("1" if link.first < trigger.token else "2" for link in (left, right))
    shape += "=" if left.first == right.first else ""
    governors = [f"{link.clitic}:{word_shape(row, link.start - 1)}" for link in (left, right)]
    frame = f"{shape}+{governors[0]}+{governors[1]}"
    first, second = sorted((one.link, other.link), key=lambda link: link.first)
    between = row[first.last + 1 : second.start]
    rivals = _rivals(view, trigger, first, second)
    cues = sorted({cue for word in between if (cue := cue_of(word))})
    verbs = sum(1 for word in between if (form := read_form(word)) and form.pos == "verb")
    peer = any(cue_of(word) == "peer" for word in row[second.start : second.first])
    out = [f"frame={frame}", f"shape={shape}", f"shape={shape}+t={kind}", f"k={kind}+frame={frame}"]
    out += [f"t={trigger.form.lemma}+shape={shape}+{governors[1]}", f"frame2={shape}+{governors[1]}"]
    out += [
        f"t={trigger.form.lemma}+shape={shape}",
        f"rivals={rivals}",
        f"rivals={rivals}+shape={shape}+{governors[1]}",
    ]
    out += [f"between={cue}+{shape}" for cue in cues]
    out += [f"verbs={min(2, verbs)}+{shape}", f"pgap={bucket(len(between), (0, 1, 2, 4, 8, 16))}+{shape}"]
    if peer:
        out += ["peer", f"peer+rivals={rivals}", f"peer+shape={shape}", f"peer+t={kind}"]
    return out


def _opener(link: Link, chain: Mapping[int, tuple[Link, int]]) -> Link:
    return chain[link.first][0] if link.first in chain else link


def _apart(trigger: Trigger, kind: str, one: Candidate, other: Candidate) -> list[str]:
    wheres = "-".join(sorted((one.where, other.where)))
    return [f"apart={wheres}+t={kind}", f"apart={wheres}+t={trigger.form.lemma}"]


def _rivals(view: View, trigger: Trigger, first: Link, second: Link) -> str:
    """Other persons between each of the two and the trigger, and between the two, as two coarse counts."""
    persons = [link for link in view.links[trigger.sentence] if link.type is EntityType.PER]
    ids = (first.entity_id, second.entity_id)
    inside = {p.entity_id for p in persons if first.last < p.first < second.first and p.entity_id not in ids}
    low, high = sorted((trigger.token, first.first)), sorted((trigger.token, second.first))
    near = {
        p.entity_id
        for p in persons
        if (low[0] < p.first < low[1] or high[0] < p.first < high[1]) and p.entity_id not in ids
    }
    return f"{min(2, len(inside))}/{min(3, len(near))}"

"""Several taggers as one: ``merge`` keeps every name that one of them finds, ``vote`` what more than half find."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import Literal

from pipeline.errors import AlignmentError, ConfigError
from pipeline.tagging import Prediction, Tagger, decode_bio

Way = Literal["merge", "vote"]
_Span = tuple[int, int, str]


class EnsembleTagger:
    """Joins the answers of its members, sentence by sentence.

    Merged names that overlap give way to the one of higher confidence, then the longer, then the first. A name's
    confidence is the highest of those who found it (merge), or the mean over all members (vote).
    """

    def __init__(self, members: Sequence[Tagger], way: Way) -> None:
        if len(members) < 2:
            raise ConfigError("ensemble: one tagger is no ensemble; name two or more, separated by commas")
        self.name = f"ensemble:{way}:{','.join(member.name for member in members)}"
        self._members = tuple(members)
        self._way = way

    def predict(self, sentences: Sequence[Sequence[str]]) -> list[Prediction]:
        """The joint labels of each sentence; raises AlignmentError where a member lost a sentence or a word."""
        answers = [member.predict(sentences) for member in self._members]
        for member, answer in zip(self._members, answers, strict=True):
            if [len(prediction.labels) for prediction in answer] != [len(words) for words in sentences]:
                raise AlignmentError(f"ensemble: {member.name!r} lost a word; leave it out and report it")
        return [self._join(predictions) for predictions in zip(*answers, strict=True)]

    def _join(self, predictions: Sequence[Prediction]) -> Prediction:
        found: dict[_Span, list[float]] = defaultdict(list)
        for prediction in predictions:
            for start, end, kind in decode_bio(prediction.labels):
                found[start, end, kind].append(min(prediction.confidences[start:end]))
        n_members = len(predictions)
        if self._way == "merge":
            kept = {span: max(confidences) for span, confidences in found.items()}
        else:
            kept = {span: sum(c) / n_members for span, c in found.items() if 2 * len(c) > n_members}
        return _labelled(kept, [min(column) for column in zip(*(p.confidences for p in predictions), strict=True)])


def _labelled(confidence_by_span: dict[_Span, float], outside: list[float]) -> Prediction:
    labels, confidences = ["O"] * len(outside), list(outside)
    ranked = sorted(confidence_by_span.items(), key=lambda kept: (-kept[1], kept[0][0] - kept[0][1], kept[0]))
    for (start, end, kind), confidence in ranked:
        if all(label == "O" for label in labels[start:end]):
            labels[start:end] = [f"B-{kind}", *[f"I-{kind}"] * (end - start - 1)]
            confidences[start:end] = [confidence] * (end - start)
    return Prediction(tuple(labels), tuple(confidences))


def load_ensemble(argument: str) -> EnsembleTagger:
    """The ensemble that ``merge:A,B`` or ``vote:A,B,C`` names; each member is a tagger's name."""
    from pipeline.models import load_tagger

    way, _, names = argument.partition(":")
    members = [load_tagger(name.strip()) for name in names.split(",") if name.strip()]
    if way == "merge":
        return EnsembleTagger(members, "merge")
    if way == "vote":
        return EnsembleTagger(members, "vote")
    raise ConfigError(f"ensemble: no way {way!r} to join answers; write ensemble:merge:A,B or ensemble:vote:A,B,C")

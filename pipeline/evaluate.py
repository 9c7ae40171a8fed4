"""Gold and predicted documents to counts, precision, recall and F1, as the annotation guidelines define a match.

A mention is right where its end and type agree with gold's and its start differs by proclitics at most. Predicted
entities are put on gold's one to one, those that share most mentions first; meetings, positions and relations are
compared through that map. An event is matched where at least half of all parties of both sides agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import InputError
from pipeline.evaluation.align import (
    Alignment,
    agreeing_attributes,
    align,
    match_events,
    meeting_edges,
    offices_of,
    relations_of,
)
from pipeline.evaluation.gold import GoldDocument
from pipeline.evaluation.gold_json import load_gold
from pipeline.evaluation.tables import load_predicted
from pipeline.schema import EntityType

ALL = "all"
ATTRIBUTES = ("kind", "status", "place", "date")


@dataclass(slots=True)
class Counts:
    """What is right, wrong (predicted, not gold) and missed (gold, not predicted)."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    def add(self, gold: set[tuple[object, ...]], predicted: set[tuple[object, ...]]) -> None:
        """Count one document's gold and predicted facts."""
        self.right += len(gold & predicted)
        self.wrong += len(predicted - gold)
        self.missed += len(gold - predicted)

    @property
    def precision(self) -> float:
        """Share of the predicted that is right; 0 where nothing was predicted."""
        return _ratio(self.right, self.right + self.wrong)

    @property
    def recall(self) -> float:
        """Share of gold that was found; 0 where there is no gold."""
        return _ratio(self.right, self.right + self.missed)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return _harmonic(self.precision, self.recall)


@dataclass(slots=True)
class BCubed:
    """Sums of B-cubed precision and recall over predicted and gold mentions (Bagga and Baldwin 1998)."""

    precision_sum: float = 0.0
    n_predicted: int = 0
    recall_sum: float = 0.0
    n_gold: int = 0

    @property
    def precision(self) -> float:
        """Mean over predicted mentions of the share of their entity that gold also joins to them."""
        return _ratio(self.precision_sum, self.n_predicted)

    @property
    def recall(self) -> float:
        """Mean over gold mentions of the share of their entity that was joined to them."""
        return _ratio(self.recall_sum, self.n_gold)

    @property
    def f1(self) -> float:
        """Harmonic mean of precision and recall."""
        return _harmonic(self.precision, self.recall)


@dataclass(slots=True)
class Share:
    """How many of the compared agree."""

    right: int = 0
    compared: int = 0

    def add(self, agrees: bool) -> None:
        """Count one comparison."""
        self.right += agrees
        self.compared += 1


def _mention_counts() -> dict[str, Counts]:
    return {name: Counts() for name in (*EntityType, ALL)}


def _shares() -> dict[str, Share]:
    return {name: Share() for name in ATTRIBUTES}


@dataclass(slots=True)
class Scores:
    """All measures over a set of documents; ``absent`` are gold documents that the tables do not hold."""

    n_gold: int = 0
    absent: list[str] = field(default_factory=list)
    mentions: dict[str, Counts] = field(default_factory=_mention_counts)
    entities: BCubed = field(default_factory=BCubed)
    edges: Counts = field(default_factory=Counts)
    edges_with_status: Counts = field(default_factory=Counts)
    events: Counts = field(default_factory=Counts)
    attributes: dict[str, Share] = field(default_factory=_shares)
    positions: Counts = field(default_factory=Counts)
    titles: Share = field(default_factory=Share)
    relations: Counts = field(default_factory=Counts)

    @property
    def counts(self) -> dict[str, Counts]:
        """What was counted, by the name of the measure."""
        found = {f"mentions {name}": counts for name, counts in self.mentions.items()}
        found |= {"who with whom": self.edges, "with status": self.edges_with_status, "events": self.events}
        return found | {"positions": self.positions, "relations": self.relations}


def evaluate(gold: Iterable[GoldDocument], predicted: Mapping[str, GoldDocument]) -> Scores:
    """The scores of ``predicted`` (by doc_id) against ``gold``; an absent document counts as empty."""
    scores = Scores()
    for document in gold:
        guess = predicted.get(document.doc_id)
        scores.n_gold += 1
        if guess is None:
            scores.absent.append(document.doc_id)
            guess = GoldDocument(document.doc_id, document.text, None, (), (), (), (), (), ())
        _score_document(scores, document, guess)
    return scores


def evaluate_folders(gold_dir: str | Path, tables_dir: str | Path) -> Scores:
    """The scores of a run's tables against a folder of ``.ann`` or standoff ``.json`` files beside their texts.

    InputError where the tables hold none of its documents.
    """
    gold = load_gold(gold_dir)
    scores = evaluate(gold, load_predicted(tables_dir, {document.doc_id: document.text for document in gold}))
    if len(scores.absent) == scores.n_gold:
        raise InputError(
            f"{tables_dir}: holds none of the {scores.n_gold} documents of {gold_dir} (as {scores.absent[0]}); "
            "give the tables of a run over their texts"
        )
    return scores


def _score_document(scores: Scores, gold: GoldDocument, guess: GoldDocument) -> None:
    alignment = align(gold, guess)
    _score_mentions(scores.mentions, gold, guess, alignment)
    _score_entities(scores.entities, gold, guess, alignment)
    for counts, strict in ((scores.edges, False), (scores.edges_with_status, True)):
        counts.add(meeting_edges(gold, strict=strict), meeting_edges(guess, alignment, strict=strict))
    _score_events(scores, gold, guess, alignment)
    gold_offices, offices = offices_of(gold), offices_of(guess, alignment, gold)
    scores.positions.add(set(gold_offices), set(offices))
    for key in gold_offices.keys() & offices.keys():
        scores.titles.add(_first_word(gold_offices[key]) == _first_word(offices[key]))
    scores.relations.add(relations_of(gold), relations_of(guess, alignment))


def _score_mentions(
    counts: Mapping[str, Counts], gold: GoldDocument, guess: GoldDocument, alignment: Alignment
) -> None:
    gold_by_predicted = {j: i for i, j in alignment.predicted_by_gold.items()}
    for name, count in counts.items():
        wanted: set[tuple[object, ...]] = {
            ("gold", i) for i, mention in enumerate(gold.mentions) if name in (ALL, mention.type)
        }
        found: set[tuple[object, ...]] = set()
        for j, mention in enumerate(guess.mentions):
            if name in (ALL, mention.type):
                i = gold_by_predicted.get(j)
                same = i is not None and gold.mentions[i].type == mention.type
                found.add(("gold", i) if same else ("predicted", j))
        count.add(wanted, found)


def _score_entities(sums: BCubed, gold: GoldDocument, guess: GoldDocument, alignment: Alignment) -> None:
    pairs = alignment.predicted_by_gold
    back = {j: i for i, j in pairs.items()}
    gold_ids = [mention.entity_id for mention in gold.mentions]
    guess_ids = [mention.entity_id for mention in guess.mentions]
    gold_size, guess_size = Counter(gold_ids), Counter(guess_ids)
    # mentions that both sides hold, by the pair of entities that they belong to
    shared = Counter((gold_ids[i], guess_ids[j]) for i, j in pairs.items())
    sums.recall_sum += sum(shared[gold_ids[i], guess_ids[pairs[i]]] / gold_size[gold_ids[i]] for i in sorted(pairs))
    sums.precision_sum += sum(shared[gold_ids[back[j]], guess_ids[j]] / guess_size[guess_ids[j]] for j in sorted(back))
    sums.n_gold += len(gold_ids)
    sums.n_predicted += len(guess_ids)


def _score_events(scores: Scores, gold: GoldDocument, guess: GoldDocument, alignment: Alignment) -> None:
    matched = match_events(gold, guess, alignment)
    for i, j in matched.items():
        for name, agrees in agreeing_attributes(gold.meetings[i], guess.meetings[j], alignment).items():
            scores.attributes[name].add(agrees)
    scores.events.right += len(matched)
    scores.events.missed += len(gold.meetings) - len(matched)
    scores.events.wrong += len(guess.meetings) - len(matched)


def _first_word(title: str) -> str:
    return (title.split() or [""])[0].removeprefix("ال")


def _ratio(part: float, whole: float) -> float:
    return part / whole if whole else 0.0


def _harmonic(precision: float, recall: float) -> float:
    return _ratio(2 * precision * recall, precision + recall)


def format_scores(scores: Scores) -> str:
    """The scores as lines to print."""
    lines = [f"documents             {scores.n_gold} gold, {len(scores.absent)} of them not in the tables"]
    lines += [f"mentions {name:4}         {_line(counts)}" for name, counts in scores.mentions.items()]
    b_cubed = scores.entities
    lines.append(f"entities (B-cubed)    P {b_cubed.precision:6.1%}  R {b_cubed.recall:6.1%}  F1 {b_cubed.f1:6.1%}")
    lines.append(f"meetings, who with whom        {_line(scores.edges)}")
    lines.append(f"meetings, with status          {_line(scores.edges_with_status)}")
    lines.append(f"meetings, as events            {_line(scores.events)}")
    lines += [f"  {name:7} right on matched events  {_fraction(share)}" for name, share in scores.attributes.items()]
    titles = f"first word of title right on {scores.titles.right}/{scores.titles.compared}"
    lines.append(f"positions             {_line(scores.positions)}; {titles}")
    lines.append(f"relations             {_line(scores.relations)}")
    return "\n".join(lines)


def _line(counts: Counts) -> str:
    rates = f"P {counts.precision:6.1%}  R {counts.recall:6.1%}  F1 {counts.f1:6.1%}"
    return f"{rates}   ({counts.right} right, {counts.wrong} wrong, {counts.missed} missed)"


def _fraction(share: Share) -> str:
    rate = f" = {share.right / share.compared:.1%}" if share.compared else ""
    return f"{share.right}/{share.compared}{rate}"

"""The head of relations is made by its recipe: it learns what it is shown, and reads back as it was written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt

from pipeline.meetings.reader import answer_of, load_reader
from pipeline.models import write_card
from pipeline.relation_reader import PARTS, RelationReader, load_relation_reader
from pipeline.training.relation_reader import Examples, fit_head, write_head


def _examples(n: int = 8000, width: int = 4) -> Examples:
    """Pairs whose answer hangs on the first number of the left name alone."""
    rng = np.random.default_rng(5)
    inputs = rng.normal(size=(n, len(PARTS) * width)).astype(np.float16)
    answers = ["located_in>" if row[0] > 0 else "none" for row in inputs]
    return Examples(inputs, answers, [f"d{number % 7}" for number in range(n)])


def _says(head: RelationReader, inputs: npt.NDArray[np.float16]) -> list[str]:
    parts = list(inputs.astype(np.float32).reshape(len(inputs), len(PARTS), -1).swapaxes(0, 1))
    return [head.answers[at] for at in answer_of(head.weights, "relation", PARTS, parts).argmax(1)]


def test_a_head_learns_what_it_is_shown_and_reads_back_the_same(tmp_path: Path) -> None:
    examples = _examples()
    weights, answers = fit_head(examples)
    head = RelationReader(load_reader(), weights, answers)
    said = _says(head, examples.inputs)
    assert np.mean([one == other for one, other in zip(said, examples.answers, strict=True)]) > 0.9
    write_head(weights, answers, tmp_path)
    write_card(tmp_path, kind="relations", trained_on=["gold/train"], notes="made for a test")
    again = _says(load_relation_reader(tmp_path), examples.inputs)
    assert np.mean([one == other for one, other in zip(said, again, strict=True)]) > 0.97


def test_the_same_examples_give_the_same_head() -> None:
    one, other = fit_head(_examples()), fit_head(_examples())
    assert one[1] == other[1]
    assert all(np.array_equal(one[0][name], other[0][name]) for name in one[0])


def test_examples_of_chosen_documents_keep_their_answers() -> None:
    examples = _examples()
    chosen = np.array([group == "d3" for group in examples.groups])
    part = examples.of(chosen)
    assert set(part.groups) == {"d3"}
    assert part.answers == [one for one, kept in zip(examples.answers, chosen, strict=True) if kept]
    assert len(part.inputs) == chosen.sum()

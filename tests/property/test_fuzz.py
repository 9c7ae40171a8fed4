"""Ten thousand damaged articles through the whole map half: nothing crashes, nothing vanishes, every offset holds."""

import json
import random
import zipfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.reading import read_documents
from pipeline.run import analyse
from pipeline.schema import Analysis, Document, Rejected
from tests.laws import assert_laws
from tests.mutants import LINES, ODD, SENTENCES, ChanceTagger, article, corrupt, mutate, names

N_ROWS = 9_000
N_FILES = 1_500


def check(documents: list[Document]) -> int:
    """The number of documents analysed; laws are asserted of each."""
    n_analysed = 0
    for found in analyse(documents, ChanceTagger()):
        assert not isinstance(found, Rejected), (found, next(d.text for d in documents if d.doc_id == found.doc_id))
        assert_laws(found)
        n_analysed += 1
    return n_analysed


@pytest.mark.slow
@pytest.mark.parametrize("part", range(3))
def test_damaged_articles_are_analysed_or_refused(tmp_path: Path, part: int) -> None:
    rng = random.Random(part)  # noqa: S311  the same documents every time
    with (tmp_path / "rows.jsonl").open("w", encoding="utf-8") as rows:
        for _ in range(N_ROWS // 3):
            rows.write(json.dumps({"text": mutate(article(rng), rng)}) + "\n")
    with zipfile.ZipFile(tmp_path / "files.zip", "w") as archive:
        for number in range(N_FILES // 3):
            archive.writestr(f"{number:04}.txt", corrupt(mutate(article(rng), rng), rng))
    found = list(read_documents([tmp_path]))
    documents = [document for document in found if isinstance(document, Document)]
    assert len(found) == (N_ROWS + N_FILES) // 3
    assert len({document.doc_id for document in documents}) == len(documents)
    assert len(documents) > 0.85 * len(found)
    assert check(documents) == len(documents)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from([*SENTENCES, *LINES, *ODD, "\n", " "]) | st.text(max_size=9), min_size=1, max_size=30))
def test_any_text_is_analysed(pieces: list[str]) -> None:
    check([Document("d", "".join(pieces))])


@pytest.mark.parametrize(
    "text",
    [
        "سامي " * 10_000,
        "، ".join(names(10_000)),
        " ".join(names(10_000)),
        "\u202e" + SENTENCES[0],
        "\u064b\u0651" * 5_000,
        "\x00" * 1_000,
        "ا" * 50_000,
        "(" * 20_000,
        SENTENCES[0].replace(" ", "\n"),
    ],
)
def test_a_monstrous_text_costs_no_more_than_its_length(text: str) -> None:
    (found,) = analyse([Document("d", text)], ChanceTagger())
    assert isinstance(found, Analysis)
    assert_laws(found)

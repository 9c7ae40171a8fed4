"""The sentences written for the scorer of the status."""

from collections import Counter
from pathlib import Path

import pytest

from pipeline.schema import Status
from pipeline.training import status_examples as module


def test_every_status_has_its_share_of_sentences() -> None:
    counts = Counter(status for status, _ in module.status_examples())
    assert set(counts) == set(Status)
    assert min(counts.values()) >= 20


def test_the_words_in_brackets_are_what_is_described(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    table = tmp_path / "examples.tsv"
    table.write_text(
        "status\tsentence\nheld\tقال و[التقى] سالم\ndenied\tلم [يلتق] سالم أحدا [واجتمع] بعدها .\n", "utf-8"
    )
    monkeypatch.setattr(module, "_TABLE", table)
    with pytest.raises(ValueError, match=r"no trigger: قال و\[التقى\] سالم"):
        list(module.status_examples())
    table.write_text("\n".join(table.read_text("utf-8").splitlines()[::2]), "utf-8")
    ((status, features),) = module.status_examples()
    assert status is Status.DENIED
    assert "best:before=negation" in features
    assert "other:tense=past" in features

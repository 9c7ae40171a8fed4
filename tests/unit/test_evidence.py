"""Opinions added up over sentences, against sums by hand, and the sentences that are kept to learn from."""

from __future__ import annotations

import lzma
from pathlib import Path

import numpy as np

from pipeline.taggers.evidence import of_pair_code
from pipeline.taggers.joint import LABELS, JointTagger
from pipeline.training.evidence import SILVER_LENGTHS, SURE, Silver, Sums, draw
from pipeline.training.rawtext import read_documents


def sure(labels: str, chance: float = 0.97) -> np.ndarray:
    """A row a label, that label likely and the others alike unlikely."""
    rows = np.full((len(labels.split()), len(LABELS)), (1 - chance) / (len(LABELS) - 1), np.float32)
    rows[np.arange(len(rows)), [LABELS.index(label) for label in labels.split()]] = chance
    return rows


def test_a_word_is_what_it_mostly_was() -> None:
    sums = Sums()
    for _ in range(30):
        sums.add(("زار", "سالم", "سروان"), sure("O B-PER B-LOC"))
    words = sums.words()
    assert words["سالم"][0] > "4"
    assert words["سالم"][1:3] == "00"
    assert words["زار"][:3] == "000"
    assert words["سروان"][1] == words["سالم"][0]
    assert words["سالم"][3] == "3"  # it always began the name


def test_what_two_have_added_up_is_what_one_would_have() -> None:
    one, two, both = Sums(), Sums(), Sums()
    for part, sentence in ((one, "زار سالم سروان"), (two, "زار سالم درنوس"), (two, "عاد سالم درنوس")):
        for _ in range(4):
            part.add(sentence.split(), sure("O B-PER B-LOC"))
            both.add(sentence.split(), sure("O B-PER B-LOC"))
    one.merge(two)
    assert (one.words(), one.pairs()) == (both.words(), both.pairs())


def test_a_rare_word_tells_nothing_and_a_seldom_seen_one_is_nearer_to_none() -> None:
    sums = Sums()
    for count in range(30):
        sums.add(("سالم", "درنوس")[: 2 if count < 6 else 1], sure("B-PER B-LOC")[: 2 if count < 6 else 1])
    for _ in range(2):
        sums.add(("سروان",), sure("B-LOC"))
    words = sums.words()
    assert "سروان" not in words
    assert words["درنوس"][1] <= words["سالم"][0]


def test_a_pair_tells_whether_a_name_goes_on() -> None:
    sums = Sums()
    for _ in range(12):
        sums.add(("شركة", "درنوس", "الكبرى", "أمس"), sure("B-ORG I-ORG I-ORG O"))
    pairs = sums.pairs()
    assert pairs["شركة|درنوس"][2] > "4"
    ends = pairs["الكبري|امس"]
    assert ends[:3] == "000"
    assert ends[3] > "4"
    assert any(name.startswith("kE=") for name in of_pair_code(ends))


def test_sentences_are_kept_only_where_the_tagger_is_sure_and_finds_a_name() -> None:
    silver = Silver(JointTagger("any", ()), 10_000, 1, 0.33)
    words, labels = ("زار", "سالم", "الراوي", "سروان", "صباح", "أمس"), "O B-PER I-PER B-LOC O O"
    assert len(words) >= SILVER_LENGTHS[0]
    for _ in range(40):
        silver.add(words, sure("O O O O O O"))
        silver.add(words, sure(labels, SURE - 0.1))
        silver.add(words[:3], sure("O B-PER I-PER"))
    assert silver.lines == []
    for _ in range(40):
        silver.add(words, sure(labels))
    assert silver.lines[:7] == [*(f"{w}\t{label}\n" for w, label in zip(words, labels.split(), strict=True)), "\n"]
    assert 0 < len(silver.lines) < 40 * 7


def test_documents_of_every_shard_are_drawn(tmp_path: Path) -> None:
    text = '<doc id="{0}-1" date="" title="x">\nزار سالم {1} أمس.\nثم عاد من {1} ليلا.\n</doc>\n'
    shards = {"news-2018-antcorpus": "سروان", "wikipedia-2017": "درنوس"}
    for name in ("news-web-mixed", "news-2015-saudi", "news-khaleej", *shards):
        with lzma.open(tmp_path / f"{name}.txt.xz", "wt", encoding="utf-8") as lines:
            lines.write(text.format(name, shards.get(name, "بيدونيا")))
    assert list(read_documents(tmp_path / "wikipedia-2017.txt.xz")) == ["زار سالم درنوس أمس.\nثم عاد من درنوس ليلا.\n"]
    documents = list(draw(tmp_path, 1))
    assert len(documents) == 5
    parts = [list(draw(tmp_path, 1, part, 2)) for part in (0, 1)]
    assert sorted(parts[0] + parts[1]) == sorted(documents)
    assert len(parts[0]) in (2, 3)
    assert {sentences[0][2] for sentences in documents} == {"سروان", "درنوس", "بيدونيا"}
    assert documents == list(draw(tmp_path, 1))

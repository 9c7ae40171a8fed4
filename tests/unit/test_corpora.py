"""Corpora of other conventions as labelled sentences, on invented samples of each kind of oddity."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.taggers.inputs import word_form
from pipeline.training.corpora import CONVENTIONS, LabelledSentence, join_clitics, read_conll
from pipeline.training.declared import read_declared
from pipeline.training.sources import HEADS, labelled_words


def write(folder: Path, corpus: str, rows: list[tuple[str, str]], *, packed: bool = False) -> None:
    (folder / corpus).mkdir(exist_ok=True)
    text = "".join(f"{word}\t{label}\n" for word, label in rows) + "\n"
    if packed:
        (folder / corpus / "train.conll.gz").write_bytes(gzip.compress(text.encode()))
    else:
        (folder / corpus / "train.conll").write_text(text, "utf-8")


def only(folder: Path, corpus: str, *, mapped: bool = False) -> LabelledSentence:
    (sentence,) = labelled_words(corpus, folder, folder, mapped=mapped)
    return sentence


def test_every_corpus_has_a_head_and_a_declaration() -> None:
    declared = read_declared()
    assert set(HEADS) <= set(declared)
    assert set(CONVENTIONS) == set(declared)
    for corpus in HEADS:
        row = declared[corpus]
        assert row.licence
        assert row.clitics in ("whole", "split")
        assert row.acting_countries in ("LOC", "ORG")
        assert set(row.types.values()) <= {"", "PER", "LOC", "ORG"}


def test_corpora_of_one_text_say_so() -> None:
    declared = read_declared()
    shared = {name for name, row in declared.items() if row.text == "anercorp"}
    assert shared == {"anercorp", "cleananercorp", "newsfane_on_anercorp", "newsfane_gold"}


def test_clitics_that_stand_apart_are_joined_and_names_keep_their_labels(tmp_path: Path) -> None:
    rows = [
        ("و", "O"),
        ("زار", "O"),
        ("سمهر", "B-PER"),
        ("ب", "O"),
        ("درنوس", "B-LOC"),
        ("ل", "O"),
        ("الوادي", "B-LOC"),
    ]
    write(tmp_path, "wikifane_gold", [*rows, ("ضفاف", "O"), ("ه", "O"), ("ء", "O")], packed=True)
    sentence = only(tmp_path, "wikifane_gold")
    assert sentence.words == ("وزار", "سمهر", "بدرنوس", "للوادي", "ضفافه", '"')
    assert sentence.labels == ("O", "B-PER", "B-LOC", "B-LOC", "O", "O")


def test_a_letter_before_a_number_or_at_the_end_is_no_clitic() -> None:
    rows = [("فيتامين", "O"), ("ب", "O"), ("12", "O"), ("سنة", "O"), ("1900", "O"), ("ه", "O"), ("و", "O")]
    assert join_clitics(rows) == rows


def test_types_become_those_of_the_guidelines_only_where_asked(tmp_path: Path) -> None:
    write(tmp_path, "cleananercorp", [("سمهر", "B-PERS"), ("السروانية", "B-MISC"), ("هنا", "O")])
    assert only(tmp_path, "cleananercorp").labels == ("B-PER", "B-MISC", "O")
    assert only(tmp_path, "cleananercorp", mapped=True).labels == ("B-PER", "O", "O")


def test_marks_of_layout_and_of_direction_are_no_words(tmp_path: Path) -> None:
    write(tmp_path, "wojood_sample", [("سمهر", "B-PER"), ("$#$", "O")])
    write(tmp_path, "aqmar", [("\u200f", "O"), ("سمهر", "B-PER")])
    assert [word_form(word) for corpus in ("wojood_sample", "aqmar") for word in only(tmp_path, corpus).words] == [
        "سمهر",
        "سمهر",
    ]


def test_a_name_that_begins_with_its_inside_gets_its_beginning(tmp_path: Path) -> None:
    write(tmp_path, "aqmar", [("في", "O"), ("درنوس", "I-LOC"), ("العليا", "I-LOC"), ("سمهر", "I-PER")])
    assert only(tmp_path, "aqmar").labels == ("O", "B-LOC", "I-LOC", "B-PER")


def test_the_benchmark_keeps_its_own_tokens(tmp_path: Path) -> None:
    write(tmp_path, "anercorp", [("درنوس)", "B-LOC"), ("سمهر", "B-PERS")])
    assert only(tmp_path, "anercorp").words == ("درنوس)", "سمهر")
    assert only(tmp_path, "anercorp", mapped=True).words == ("درنوس", ")", "سمهر")


def test_a_line_without_a_label_is_named(tmp_path: Path) -> None:
    (tmp_path / "odd.conll").write_text("سمهر\tO\nوداد\n", "utf-8")
    with pytest.raises(InputError, match=r"odd\.conll:2: no label"):
        list(read_conll(tmp_path / "odd.conll"))

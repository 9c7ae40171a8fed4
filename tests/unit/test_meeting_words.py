"""The word lists of meetings: every row's example holds what the row says, and inflections are read."""

import pytest

from pipeline.folded import fold_word
from pipeline.gazetteer import read_rows
from pipeline.meetings.cues import cue_of
from pipeline.meetings.triggers import read_form

FORMS = list(read_rows("meeting_forms"))
CUES = list(read_rows("meeting_cues"))


@pytest.mark.parametrize("row", FORMS, ids=lambda row: row["lemma"])
def test_each_trigger_is_found_in_its_example(row: dict[str, str]) -> None:
    found = [form for word in row["example"].split() if (form := read_form(fold_word(word)))]
    assert (row["lemma"], row["pos"]) in {(form.lemma, form.pos) for form in found}


@pytest.mark.parametrize("row", CUES, ids=lambda row: row["cue"])
def test_each_cue_is_found_in_its_example(row: dict[str, str]) -> None:
    assert row["cue"] in {cue_of(fold_word(word)) for word in row["example"].split()}


@pytest.mark.parametrize(
    ("word", "lemma", "tense", "pronoun"),
    [
        ("وسيلتقيان", "التقى", "future", ""),
        ("التقاها", "التقى", "past", "ها"),
        ("يستقبلون", "استقبل", "present", ""),
        ("واستقبلته", "استقبل", "past", "ه"),
        ("لقائهما", "لقاء", "", "هما"),
        ("ولقاءاته", "لقاء", "", "ه"),
        ("زيارتها", "زيارة", "", "ها"),
        ("بالاجتماع", "اجتماع", "", ""),
        ("للقمة", "قمة", "", ""),
        ("فاجتمعوا", "اجتمع", "past", ""),
    ],
)
def test_inflections_and_clitics_are_read(word: str, lemma: str, tense: str, pronoun: str) -> None:
    form = read_form(fold_word(word))
    assert form is not None
    assert (form.lemma, form.tense, form.pronoun) == (lemma, tense, pronoun)


@pytest.mark.parametrize("word", ["كتاب", "شجرة", "الاجتماعية", "سليم"])
def test_other_words_are_no_triggers(word: str) -> None:
    assert read_form(fold_word(word)) is None

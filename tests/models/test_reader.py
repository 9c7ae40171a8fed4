"""The shipped reader on invented news: who took part, and who only spoke of it."""

import lzma
import sys
from pathlib import Path

import numpy as np
import pytest

from pipeline.meetings.features import describe_all
from pipeline.meetings.reader import load_reader
from pipeline.meetings.view import build_view
from pipeline.models import models_folder
from pipeline.scorer import load_scorer
from tests.unit.test_meetings import analyse

pytestmark = pytest.mark.models

STORY = (
    "قال المتحدث باسم الحكومة هاني البدوي إن الرئيس التونسي سالم الوردي بحث أمس مع نظيره المصري عادل بن رستم "
    "العلاقات الثنائية خلال لقاء جمعهما في القاهرة."
)
NAMES = {"هاني البدوي": "p", "سالم الوردي": "p", "عادل بن رستم": "p", "القاهرة": "l"}


def test_the_shipped_reader_tells_those_who_met_from_the_one_who_spoke_of_it() -> None:
    view = build_view(analyse(STORY, NAMES))
    number = next(i for i, trigger in enumerate(view.triggers) if trigger.form.lemma == "لقاء")
    links = {candidate.entity_id: candidate.link for candidate, _ in describe_all(view)[number]}
    reading = load_reader().open(view)
    speaker, one, other = reading.parties([(number, links[name]) for name in list(NAMES)[:3]])
    assert speaker is not None
    assert one is not None
    assert other is not None
    assert min(one, other) > speaker


@pytest.mark.parametrize("name", ["pairs", "place", "kind", "date"])
def test_the_shipped_scorers_hear_the_reader(name: str) -> None:
    settings = load_scorer(name).settings
    assert settings["own"] > settings["opinion"] > 0


HEARD = (
    "قال المتحدث باسم الحكومة {voice} إن الرئيس التونسي {host} بحث أمس مع نظيره المصري {guest} "
    "العلاقات بين البلدين خلال لقاء جمعهما في العاصمة."
)
FIRST, LAST = ("سالم", "عادل", "ماجد", "ناصر"), ("الوردي", "الكرمي", "البدوي", "العلي")
ANNOTATION = """DATE\t2031-04-05
E\te1\tPER\t{host}
E\te2\tPER\t{guest}
E\te3\tPER\t{voice}
M\te1\t{host}
M\te2\t{guest}
M\te3\t{voice}
MEET\tmeeting\theld\t-\t-\te1,e2\tev: {host} بحث أمس مع نظيره المصري {guest}
"""


def write_news(gold: Path, raw: Path) -> None:
    """A dozen annotated stories, and raw pages that tell the like at more length."""
    gold.mkdir()
    raw.mkdir()
    pages = []
    for number in range(12):
        names = [f"{FIRST[(number + i) % 4]} {LAST[(number // 4 + i) % 4]}" for i in range(3)]
        told = dict(zip(("host", "guest", "voice"), names, strict=True))
        text = HEARD.format(**told)
        (gold / f"c{number:03}.txt").write_text(text, "utf-8")
        (gold / f"c{number:03}.ann").write_text(ANNOTATION.format(**told), "utf-8")
        pages.append(f"<doc {number}>\n{text} {text} {text} {text}\n</doc>\n")
    (raw / "news-invented.txt.xz").write_bytes(lzma.compress("".join(pages).encode()))


def test_the_recipe_makes_a_reader_and_one_a_fold(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    from pipeline.training.annotated import write_annotated
    from pipeline.training.reader import main

    gold, raw, folds, made = (tmp_path / name for name in ("gold", "raw", "folds", "made"))
    write_news(gold, raw)
    write_annotated([], tmp_path / "none.jsonl.gz")
    monkeypatch.setattr("pipeline.training.annotated.PAGES", tmp_path / "none.jsonl.gz")
    arguments = [str(gold), "--raw", str(raw), "--folds", str(folds), "--output", str(made), "--only", "0", "4"]
    monkeypatch.setattr(sys, "argv", ["reader", *arguments])
    main()
    view = build_view(analyse(STORY, NAMES))
    link = next(c.link for c, _ in describe_all(view)[0] if c.entity_id == "سالم الوردي")
    opinions = [load_reader(folder).open(view).parties([(0, link)]) for folder in (made, folds / "fold-0")]
    assert opinions[0] != opinions[1]
    assert None not in (opinions[0][0], opinions[1][0])
    before = (folds / "raw.pt").stat().st_mtime_ns
    arguments[-4:] = [str(tmp_path / "taught"), "--only", "4", "--teachers", str(made), str(folds / "fold-0")]
    monkeypatch.setattr(sys, "argv", ["reader", *arguments])
    main()
    taught = load_reader(tmp_path / "taught").open(view).parties([(0, link)])
    assert taught not in ([None], *opinions)
    assert (folds / "raw.pt").stat().st_mtime_ns == before
    assert (folds / "raw-taught.pt").is_file()


def test_a_reader_is_made_narrower_and_says_about_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("torch")
    from pipeline.training.annotated import write_annotated
    from pipeline.training.prune_reader import main
    from pipeline.training.reader_net import reader_in

    gold, raw, made = (tmp_path / name for name in ("gold", "raw", "made"))
    write_news(gold, raw)
    write_annotated([], tmp_path / "none.jsonl.gz")
    monkeypatch.setattr("pipeline.training.annotated.PAGES", tmp_path / "none.jsonl.gz")
    whole = reader_in(models_folder() / "reader").sizes
    assert whole.inner is not None
    size = ["--heads", str(whole.heads), "--inner", str(whole.inner // 2), "--seconds", "4"]
    monkeypatch.setattr(sys, "argv", ["prune", str(gold), "--raw", str(raw), "--output", str(made), *size])
    main()
    assert reader_in(made).sizes.inner == whole.inner // 2
    view = build_view(analyse(STORY, NAMES))
    asked = [(number, c.link) for number, row in enumerate(describe_all(view)) for c, _ in row]
    before, after = (load_reader(folder).open(view).parties(asked) for folder in (None, made))
    assert before != after
    assert np.abs(np.array(before, np.float64) - np.array(after, np.float64)).max() < 2

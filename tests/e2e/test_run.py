"""The whole path on invented articles: identical bytes however it is run, and nothing lost."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest

from pipeline.api import load_tables
from pipeline.config import Config, with_settings
from pipeline.engines import Lost
from pipeline.errors import ConfigError, InputError, PipelineError
from pipeline.manifest import code_digest
from pipeline.reading import list_sources
from pipeline.run import run
from pipeline.schema import Document

ARTICLES = {
    "a": "استقبل الرئيس سالم الوردي اليوم الاثنين وزير خارجية الأردن ناصر الحمداني في عمان.\nوبحث الجانبان العلاقات.",
    "b": "أعلن سالم الوردي في القاهرة أن ناصر الحمداني لن يحضر القمة.",
    "c": "فاز فريق النسور على فريق البحار بهدفين في مباراة أقيمت في تونس.",
    "d": "التقى ناصر الحمداني نظيره المصري كمال الزاهر في القاهرة يوم 3 مارس 2021.",
}


def write_articles(folder: Path, names: str = "abcd") -> Path:
    folder.mkdir()
    for name in names:
        (folder / f"{name}.txt").write_text(ARTICLES[name], encoding="utf-8")
    return folder


def tables(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.iterdir()) if path.is_file() and path.name != "manifest.json")
    return {path.name: path.read_bytes() for path in files}


def rejected(folder: Path) -> list[list[str]]:
    with (folder / "rejected.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))[1:]


@pytest.fixture
def silent(monkeypatch: pytest.MonkeyPatch) -> Config:
    monkeypatch.syspath_prepend(str(Path(__file__).parent))
    return with_settings(Config(), "tagger", name="python:odd_taggers:Silent")


def test_two_runs_give_the_same_bytes_whatever_the_workers(tmp_path: Path) -> None:
    inputs = write_articles(tmp_path / "in")
    one = run([inputs], tmp_path / "one", with_settings(Config(), "run", workers=1))
    two = run([inputs], tmp_path / "two", with_settings(Config(), "run", workers=2, shard_documents=1))
    assert one.counts["documents"] == 4
    assert one.counts["mentions"] >= 8
    assert one.counts == two.counts
    assert tables(tmp_path / "one") == tables(tmp_path / "two")


def test_the_same_folder_gives_the_same_bytes_however_its_path_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inputs = write_articles(tmp_path / "in", "ab")
    assert run([inputs], tmp_path / "one").counts["entities"] > 0
    monkeypatch.chdir(tmp_path)
    for number, spelling in enumerate(("./in/", f"{tmp_path}/in/*.txt", f"../{tmp_path.name}/in")):
        assert run([spelling], tmp_path / str(number)).n_new == 2
        assert tables(tmp_path / str(number)) == tables(tmp_path / "one")
        assert run([spelling], tmp_path / "one").n_new == 0, "a resumed run knows the documents again"


def test_files_of_one_name_keep_their_ids_however_a_pattern_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "in").mkdir()
    for name, article in (("one", "a"), ("two", "b")):
        folder = write_articles(tmp_path / "in" / name, article)
        (folder / f"{article}.txt").rename(folder / "same.txt")
    monkeypatch.chdir(tmp_path / "in")
    for spelling in ("*/same.txt", "./*/same.txt", f"{tmp_path}/in/*/same.txt", "../in/*/same.txt", "."):
        found = [(source.doc_id, source.name) for source in list_sources([spelling]).sources]
        assert found == [("one/same", "one/same.txt"), ("two/same", "two/same.txt")], spelling


def test_files_of_one_name_in_two_inputs_are_two(tmp_path: Path, silent: Config) -> None:
    folders = [write_articles(tmp_path / name, "ab") for name in ("in", "more")]
    made = run(folders, tmp_path / "out", silent)
    assert made.counts["documents"] + made.counts["rejected"] == 4


def test_new_input_costs_only_its_own_work(tmp_path: Path) -> None:
    inputs = write_articles(tmp_path / "in", "abc")
    assert run([inputs], tmp_path / "out").n_new == 3
    (inputs / "d.txt").write_text(ARTICLES["d"], encoding="utf-8")
    again = run([inputs], tmp_path / "out")
    assert (again.n_new, again.counts["documents"]) == (1, 4)
    assert run([inputs], tmp_path / "afresh").n_new == 4
    assert tables(tmp_path / "out") == tables(tmp_path / "afresh")


def test_input_that_is_gone_leaves_the_tables(tmp_path: Path) -> None:
    inputs = write_articles(tmp_path / "in", "abcd")
    run([inputs], tmp_path / "out")
    (inputs / "d.txt").unlink()
    assert run([inputs], tmp_path / "out").n_new == 0
    run([inputs], tmp_path / "afresh")
    assert tables(tmp_path / "out") == tables(tmp_path / "afresh")


def test_an_input_without_texts_is_told_and_leaves_the_tables(tmp_path: Path, silent: Config) -> None:
    inputs = write_articles(tmp_path / "in", "a")
    run(str(inputs), tmp_path / "out", silent)
    before = tables(tmp_path / "out")
    (inputs / "a.txt").rename(inputs / "a.docx")
    with pytest.raises(InputError, match=r"no texts in .*in \(passed over: 1 \.docx\)"):
        run(inputs, tmp_path / "out", silent, fresh=True)
    assert tables(tmp_path / "out") == before


@pytest.mark.parametrize("fresh", [False, True])
def test_an_input_that_is_rejected_whole_is_told_and_leaves_the_tables(
    tmp_path: Path, silent: Config, fresh: bool
) -> None:
    inputs = write_articles(tmp_path / "in", "ab")
    run(inputs, tmp_path / "out", silent)
    before = {path: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()}
    for name in "ab":
        (inputs / f"{name}.txt").unlink()
    (inputs / "c.csv").write_text("key,body\n1,2\n", encoding="utf-8")
    (inputs / "d.txt").write_text("", encoding="utf-8")
    told = r"no document in .*in; 2 rejected: c.csv: no column 'text'; .*input.text_column.* \| d.txt: empty"
    with pytest.raises(InputError, match=f"{told}.*stay as they are"):
        run(inputs, tmp_path / "out", silent, fresh=fresh)
    assert {path: path.read_bytes() for path in (tmp_path / "out").iterdir() if path.is_file()} == before
    for _ in range(2):  # there is nothing to lose but the reasons of the run before
        with pytest.raises(InputError, match=told):
            run(inputs, tmp_path / "first", silent)
        assert [row[0] for row in rejected(tmp_path / "first")] == ["c", "d"]
    write_articles(inputs / "more", "a")
    assert run(inputs, tmp_path / "out", silent).counts["documents"] == 1


def test_fresh_does_all_the_work_again(tmp_path: Path, silent: Config) -> None:
    inputs = write_articles(tmp_path / "in", "ab")
    run([inputs], tmp_path / "out", silent)
    assert run([inputs], tmp_path / "out", silent, fresh=True).n_new == 2


def test_another_tagger_redoes_the_documents(tmp_path: Path, silent: Config) -> None:
    inputs = write_articles(tmp_path / "in", "ab")
    assert run([inputs], tmp_path / "out").counts["mentions"] > 0
    made = run([inputs], tmp_path / "out", silent)
    assert (made.n_new, made.counts["mentions"]) == (2, 0)


@pytest.mark.parametrize(
    ("wrong", "fresh"), [("tagger", False), ("tagger", True), ("input", True), ("other input", False), ("rules", True)]
)
def test_a_run_that_cannot_start_leaves_what_was_done(tmp_path: Path, silent: Config, wrong: str, fresh: bool) -> None:
    inputs = write_articles(tmp_path / "in", "ab")
    run([inputs], tmp_path / "out", silent)
    before = {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    asked = {
        "tagger": ("tagger", {"name": "defualt"}),
        "other input": ("tagger", {"name": "crf"}),
        "rules": ("corpus", {"registry": str(tmp_path / "none.tsv")}),
    }
    settings = with_settings(silent, asked[wrong][0], **asked[wrong][1]) if wrong in asked else silent
    with pytest.raises(PipelineError):
        run([tmp_path / "missing" if "input" in wrong else inputs], tmp_path / "out", settings, fresh=fresh)
    assert {path: path.read_bytes() for path in (tmp_path / "out").rglob("*") if path.is_file()} == before
    assert run([inputs], tmp_path / "out", silent).n_new == 0


def test_equal_texts_are_kept_once_under_the_smallest_id(tmp_path: Path, silent: Config) -> None:
    inputs = write_articles(tmp_path / "in", "ab")
    (inputs / "0.txt").write_text(ARTICLES["a"], encoding="utf-8")
    made = run([inputs], tmp_path / "out", silent)
    assert (made.counts["documents"], made.counts["rejected"]) == (2, 1)
    ((doc_id, _, stage, reason),) = rejected(tmp_path / "out")
    assert (doc_id, stage, reason) == ("a", "duplicate", "same text as document 0, which is kept")


def test_two_texts_of_one_id_are_kept_once_and_the_other_is_told(tmp_path: Path, silent: Config) -> None:
    inputs = tmp_path / "in"
    inputs.mkdir()
    for name, letters in (("one", "ab"), ("two", "cb")):
        rows = [json.dumps({"id": str(number), "text": ARTICLES[letter]}) for number, letter in enumerate(letters)]
        (inputs / f"{name}.jsonl").write_text("\n".join(rows), encoding="utf-8")
    made = run([inputs], tmp_path / "out", silent)
    assert (made.counts["documents"], made.counts["rejected"]) == (2, 2)
    lost, same = rejected(tmp_path / "out")
    with (tmp_path / "out" / "documents.csv").open(encoding="utf-8-sig", newline="") as stream:
        source_of = {row["doc_id"]: row["source"] for row in csv.DictReader(stream)}
    assert (lost[0], lost[2], same[0]) == ("0", "duplicate", "1")
    assert {lost[1], source_of["0"]} == {"one.jsonl#1", "two.jsonl#1"}
    assert lost[3] == f"another text has the same id, from {source_of['0']}; give each document an id of its own"
    assert same[3] == "same text as document 1, which is kept"


@pytest.mark.parametrize("word", ["قاتل", "جشع", "معطوب"])
def test_a_document_that_ends_its_worker_is_rejected_and_costs_no_other(
    tmp_path: Path, silent: Config, word: str
) -> None:
    inputs = write_articles(tmp_path / "in")
    (inputs / "bad.txt").write_text(f"قال ناصر الحمداني إن هذا {word} في القاهرة اليوم.", encoding="utf-8")
    made = run([inputs], tmp_path / "out", with_settings(silent, "run", workers=2))
    assert (made.counts["documents"], made.counts["rejected"]) == (4, 1)
    ((doc_id, _, stage, reason),) = rejected(tmp_path / "out")
    assert doc_id == "bad"
    assert stage in ("worker", "mentions")
    assert reason
    tried_again = 1 if stage == "worker" else 0  # there may be more memory, or fewer workers, the next time
    assert run([inputs], tmp_path / "out", with_settings(silent, "run", workers=2)).n_new == tried_again
    assert (stage == "mentions") is (word == "معطوب")


def test_the_manifest_adds_up(tmp_path: Path, silent: Config) -> None:
    inputs = write_articles(tmp_path / "in")
    run([inputs], tmp_path / "out", silent)
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["documents"] == {"in": 4, "out": 4, "rejected": 0}
    assert manifest["settings"]["tagger"]["name"] == silent.tagger.name
    assert manifest["inputs"] == {"given": [str(inputs)], "files": 4, "passed_over": {}}
    assert (manifest["code"], manifest["registry"]) == (code_digest(), None)
    assert set(manifest["cpu_seconds"]) >= {"mentions", "meetings"}
    assert set(manifest["seconds"]) >= {"map", "reduce", "tables", "run"}


def test_formats_no_longer_asked_for_do_not_tell_of_an_earlier_run(tmp_path: Path, silent: Config) -> None:
    inputs = write_articles(tmp_path / "in", "ab")
    run([inputs], tmp_path / "out", silent)
    (inputs / "c.txt").write_text(ARTICLES["c"], encoding="utf-8")
    run([inputs], tmp_path / "out", with_settings(silent, "output", parquet=False, graph=False, report=False))
    assert len(load_tables(tmp_path / "out")["documents"]) == 3
    assert {path.suffix for path in (tmp_path / "out").iterdir()} == {"", ".csv", ".json"}
    assert not (tmp_path / "out" / "graph.json").exists()


def test_a_first_run_leaves_what_is_not_its_own(tmp_path: Path, silent: Config) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "graph.json").write_text("mine", encoding="utf-8")
    run([write_articles(tmp_path / "in", "a")], tmp_path / "out", with_settings(silent, "output", graph=False))
    assert (tmp_path / "out" / "graph.json").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("n_documents", [2, 40])
def test_a_run_whose_every_document_ends_its_worker_stops_and_can_go_on(
    tmp_path: Path, silent: Config, monkeypatch: pytest.MonkeyPatch, n_documents: int
) -> None:
    class Deadly:
        def map(self, _: object, units: Iterable[Sequence[Document]]) -> Iterator[Lost]:
            return (Lost(document, "out of memory; give more") for unit in units for document in unit)

    rows = [json.dumps({"id": str(number), "text": f"{ARTICLES['a']} {number}"}) for number in range(n_documents)]
    (tmp_path / "in.jsonl").write_text("\n".join(rows), encoding="utf-8")
    two = with_settings(silent, "run", workers=2)
    with monkeypatch.context() as patch:
        patch.setattr("pipeline.run.open_engine", lambda *_, **__: Deadly())
        with pytest.raises(ConfigError, match=r"no worker .*; give more"):
            run([tmp_path / "in.jsonl"], tmp_path / "out", two)
    if n_documents == 2:  # one process does not try again what may end it
        with pytest.raises(ConfigError, match="--workers 2"):
            run([tmp_path / "in.jsonl"], tmp_path / "out", with_settings(silent, "run", workers=1))
    made = run([tmp_path / "in.jsonl"], tmp_path / "out", two)
    assert (made.counts["documents"], made.counts["rejected"]) == (n_documents, 0)

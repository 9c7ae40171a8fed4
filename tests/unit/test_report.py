from __future__ import annotations

import base64
import hashlib
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import InputError
from pipeline.export.parquet import write_parquet
from pipeline.export.source import RunFolder
from pipeline.report import Limits, write_report
from pipeline.report.contents import gather
from pipeline.report.evidence import cut, plain
from pipeline.report.page import build_page, vendored_scripts
from pipeline.report.placement import place
from pipeline.tables import DOCUMENTS, MEETINGS
from tests.invented_names import HOSTILE
from tests.report_corpus import Corpus, make_corpus


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_corpus(hostile=True).write(tmp_path_factory.mktemp("tables"))


@pytest.fixture(scope="module")
def contents(tables: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(gather(tables, Limits()).to_json())
    return made


def embedded(page: str) -> dict[str, Any]:
    found = re.search(r'<script type="application/json" id="contents">(.*?)</script>', page, re.DOTALL)
    assert found
    made: dict[str, Any] = json.loads(found.group(1))
    return made


def test_every_meeting_stands_with_its_parties_sentence_and_document(contents: dict[str, Any]) -> None:
    corpus = make_corpus(hostile=True)
    evidence = {row["meeting_id"]: row["evidence"] for row in corpus.rows["meetings"]}
    assert len(contents["meetings"]) == len(evidence)
    told = {plain(text) for text in evidence.values()}
    for document, _, _, _, _, _, _, trigger, _, sentence, parties, _ in contents["meetings"]:
        where, pieces, _, _ = contents["sentences"][sentence]
        assert where == document
        text = "".join(piece if isinstance(piece, str) else piece[0] for piece in pieces)
        assert " ".join(text.split()) in {" ".join(t.split()) for t in told}
        assert [trigger] in pieces
        named = {piece[1] for piece in pieces if isinstance(piece, list) and len(piece) == 2}
        assert {entity for entity, *_ in parties} <= named


@pytest.mark.parametrize("damage", ["empty", "cut", "rows", "columns"])
def test_a_damaged_table_is_told_by_name(tmp_path: Path, damage: str) -> None:
    folder = make_corpus(60, 200).write(tmp_path)
    place = folder / "meetings.parquet"
    batches = list(RunFolder(folder).batches(MEETINGS))
    write_parquet(place, MEETINGS if damage != "columns" else DOCUMENTS, batches if damage != "columns" else [])
    whole = place.read_bytes()
    if damage != "columns":
        half = len(whole) // 2
        rest = {"empty": b"", "cut": whole[:half], "rows": whole[:100] + bytes(half) + whole[100 + half :]}
        place.write_bytes(rest[damage])
    with pytest.raises(InputError, match=r"meetings\.parquet.*; make the tables again"):
        write_report(folder)
    assert not (folder / "report.html").exists()


def test_a_report_without_one_of_the_tables_is_refused(tmp_path: Path) -> None:
    folder = make_corpus(60, 5).write(tmp_path)
    (folder / "meetings.csv").unlink()
    with pytest.raises(InputError, match=r"meetings\.parquet or \.csv: not there; make the tables again"):
        write_report(folder)


def test_every_co_mention_shows_a_sentence_that_names_both(contents: dict[str, Any]) -> None:
    ties = [edge for edge in contents["edges"] if edge[2] == "co_mention"]
    assert ties
    for head, tail, _, _, weight, _, _, _, shown in ties:
        assert 1 <= len(shown) <= min(weight, Limits().shared_sentences)
        for sentence in shown:
            pieces = contents["sentences"][sentence][1]
            assert {head, tail} <= {piece[1] for piece in pieces if isinstance(piece, list) and len(piece) == 2}


def test_limits_keep_the_strongest_and_the_page_says_what_is_left_out(tables: Path) -> None:
    few = json.loads(gather(tables, Limits(entities=10, edges=12, meetings=5)).to_json())
    everything = json.loads(gather(tables, Limits()).to_json())
    assert few["counts"]["shown"] == {"entities": 10, "edges": 12, "meetings": 5}
    assert few["counts"]["all"] == everything["counts"]["all"]
    assert [row[11] for row in few["entities"]] == [row[11] for row in everything["entities"][:10]]
    assert max(edge[0] for edge in few["edges"]) < 10
    surest = sorted((row[8] for row in everything["meetings"]), reverse=True)[:5]
    five = json.loads(gather(tables, Limits(meetings=5)).to_json())
    assert sorted((row[8] for row in five["meetings"]), reverse=True) == surest


def test_the_same_tables_give_the_same_page(tables: Path, tmp_path: Path) -> None:
    first = write_report(tables, tmp_path / "first.html").read_bytes()
    assert first == write_report(tables, tmp_path / "second.html").read_bytes()
    assert [path.name for path in sorted(tmp_path.iterdir())] == ["first.html", "second.html"]


def test_parquet_and_csv_give_the_same_contents(tables: Path, tmp_path: Path, contents: dict[str, Any]) -> None:
    import pandas as pd

    for path in sorted(tables.glob("*.csv")):
        pd.read_csv(path, dtype=str).to_parquet(tmp_path / f"{path.stem}.parquet")
    assert json.loads(gather(tmp_path, Limits()).to_json()) == contents


def test_a_folder_without_tables_is_refused_with_a_remedy(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="output folder of `liqa run`"):
        write_report(tmp_path)


def test_an_empty_run_makes_a_page(tmp_path: Path) -> None:
    page = write_report(Corpus().write(tmp_path)).read_text(encoding="utf-8")
    assert embedded(page)["entities"] == []


def test_hostile_names_stay_text(tables: Path) -> None:
    page = write_report(tables).read_text(encoding="utf-8")
    assert page.count("<script") == 2
    assert page.count("</script") == 2
    assert "\u202e" not in page
    names = {row[1] for row in embedded(page)["entities"]}
    assert {plain(name) for name in HOSTILE} <= names
    assert HOSTILE[0] in names


def test_the_policy_admits_the_one_script_and_style_and_no_request() -> None:
    page = build_page("{}")
    found = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert found
    rules = dict(rule.split(" ", 1) for rule in found.group(1).split("; "))
    scripts = re.findall(r"<script>(.*?)</script>", page, re.DOTALL)
    styles = re.findall(r"<style>(.*?)</style>", page, re.DOTALL)
    for kind, bodies in (("script-src", scripts), ("style-src", styles)):
        (body,) = bodies
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert rules[kind] == f"'sha256-{digest}'"
    assert rules["default-src"] == rules["connect-src"] == rules["img-src"] == "'none'"
    assert not re.search(r'(?:src|href)="(?!#)', page)


def test_vendored_scripts_are_the_recorded_ones_and_licensed() -> None:
    folder = files("pipeline.report").joinpath("vendor")
    recorded = {script.file for script in vendored_scripts()}
    assert recorded == {entry.name for entry in folder.iterdir() if entry.name.endswith(".js")}
    licence = folder.joinpath("LICENSE").read_text(encoding="utf-8")
    for script in vendored_scripts():
        body = folder.joinpath(script.file).read_bytes()
        assert hashlib.sha256(body).hexdigest() == script.sha256
        assert f"v{script.version}" in body[:120].decode()
        assert script.package in licence
        assert script.licence in licence


def test_placement_is_repeatable_apart_and_near_for_ties() -> None:
    edges = [(a, a + 1, 3.0) for a in range(0, 38, 2)] + [(0, n, 0.2) for n in range(2, 40)]
    points = place(42, edges)
    assert points == place(42, edges)
    assert len(set(points)) == 42

    def away(a: int, b: int) -> float:
        return float(((points[a][0] - points[b][0]) ** 2 + (points[a][1] - points[b][1]) ** 2) ** 0.5)

    tied = [away(a, a + 1) for a in range(2, 38, 2)]
    others = [away(a, (a + 18) % 38) for a in range(2, 38, 2)]
    assert sum(tied) < 0.6 * sum(others)
    assert min(away(a, b) for a in range(42) for b in range(a)) > 15


def test_placement_of_nothing_and_of_one() -> None:
    assert place(0, []) == []
    assert len(place(1, [])) == 1
    assert len(set(place(2, [(0, 1, 1.0)]))) == 2


@given(
    st.text(max_size=60), st.lists(st.tuples(st.integers(0, 60), st.integers(1, 20), st.integers(-2, 5)), max_size=6)
)
def test_the_pieces_of_a_sentence_are_the_sentence(text: str, marks: list[tuple[int, int, int]]) -> None:
    inside = [(start + 7, start + 7 + length, entity) for start, length, entity in marks]
    pieces = list(cut(text, 7, inside))
    joined = "".join(piece if isinstance(piece, str) else piece[0] for piece in pieces)
    assert "".join(plain(joined).split()) == "".join(plain(text).split())


@given(st.text(alphabet=st.characters(codec=None), max_size=40))
def test_plain_text_holds_nothing_unseen(text: str) -> None:
    assert not set(plain(text)) & set(
        "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\x00\n\x1b"
    )

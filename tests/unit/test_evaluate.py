"""The scores of invented documents, counted by hand, and agreement with the reference script where it is at hand."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.evaluate import evaluate, evaluate_folders, format_scores
from pipeline.evaluation.gold import GoldDocument, parse_annotation, read_gold
from pipeline.evaluation.tables import load_predicted, predicted_from_rows
from pipeline.export.csv import write_csv
from pipeline.export.parquet import write_parquet
from pipeline.schema import Span
from pipeline.tables import TABLES

ROOT = Path(__file__).resolve().parents[2]
SHARED = next((path for path in (ROOT.parent / "shared", ROOT.parents[1] / "shared") if path.is_dir()), None)

TEXT = "التقى سامر الوردي وليلى النهري في نورس. وقال الوردي إن هاني غائب."
ANNOTATION = """E\te1\tPER\tسامر الوردي
E\te2\tPER\tليلى النهري
E\te3\tLOC\tنورس
E\te4\tPER\tهاني
M\te1\tسامر الوردي
M\te1\tالوردي
M\te2\tليلى النهري
M\te3\tنورس
M\te4\tهاني
POS\te1\tرئيس الوزراء\tWD
MEET\tmeeting\theld\t2031-04-05\te3\te1,e2\tev: التقى سامر الوردي
REL\tlocated_in\te4\te3
"""


def mention(text: str, type_: str, entity_id: str, start: int | None = None) -> dict[str, object]:
    at = TEXT.index(text) if start is None else start
    return {"doc_id": "d", "start": at, "end": at + len(text), "text": text, "type": type_, "entity_id": entity_id}


def guess() -> dict[str, list[dict[str, object]]]:
    """Finds four of five names, one with its proclitic and one with a wrong type; splits the first person in two."""
    return {
        "documents": [{"doc_id": "d"}],
        "entities": [{"entity_id": f"x{n}", "type": "PER", "name": "n", "country": ""} for n in range(5)],
        "mentions": [
            mention("سامر الوردي", "PER", "x1"),
            mention("الوردي", "PER", "x2", TEXT.rindex("الوردي")),
            mention("وليلى النهري", "PER", "x3"),
            mention("نورس", "ORG", "x4"),
        ],
        "positions": [{"doc_id": "d", "entity_id": "x1", "title": "الرئيس", "of_country": "WD", "former": False}],
        "meetings": [
            {"doc_id": "d", "meeting_id": "m", "kind": "meeting", "status": "planned", "place_entity_id": "x4"}
        ],
        "participants": [{"meeting_id": "m", "entity_id": "x1"}, {"meeting_id": "m", "entity_id": "x3"}],
    }


def gold_and_guess() -> tuple[GoldDocument, GoldDocument]:
    return parse_annotation("d", TEXT, ANNOTATION), predicted_from_rows(guess(), {"d": TEXT})["d"]


def test_counts_are_those_counted_by_hand() -> None:
    gold, predicted = gold_and_guess()
    scores = evaluate([gold], {"d": predicted})
    mentions = {name: (count.right, count.wrong, count.missed) for name, count in scores.mentions.items()}
    assert mentions == {"PER": (3, 0, 1), "LOC": (0, 0, 1), "ORG": (0, 1, 0), "all": (3, 1, 2)}
    assert (scores.edges.right, scores.edges.wrong, scores.edges.missed) == (1, 0, 0)
    assert (scores.edges_with_status.right, scores.edges_with_status.wrong) == (0, 1)
    assert scores.events.f1 == 1.0
    agreeing = {name: share.right for name, share in scores.attributes.items()}
    assert agreeing == {"kind": 1, "status": 0, "place": 1, "date": 0}
    assert (scores.positions.right, scores.titles.right) == (1, 1)
    assert (scores.relations.right, scores.relations.missed) == (0, 1)
    # four found mentions, all pure; of gold's five, the first person's two are each joined to half of it
    assert scores.entities.precision == 1.0
    assert scores.entities.recall == pytest.approx((0.5 + 0.5 + 1 + 1) / 5)


def test_gold_against_itself_is_perfect() -> None:
    gold = parse_annotation("d", TEXT, ANNOTATION)
    scores = evaluate([gold], {"d": gold})
    assert scores.mentions["all"].f1 == scores.entities.f1 == scores.edges_with_status.f1 == scores.events.f1 == 1.0
    assert scores.positions.f1 == scores.relations.f1 == 1.0
    assert all(share.right == share.compared for share in scores.attributes.values())


def test_an_absent_document_counts_as_all_missed() -> None:
    gold = parse_annotation("d", TEXT, ANNOTATION)
    scores = evaluate([gold], {})
    assert scores.absent == ["d"]
    assert (scores.mentions["all"].missed, scores.events.missed, scores.entities.f1) == (5, 1, 0.0)


def test_a_longer_start_is_forgiven_for_proclitics_alone() -> None:
    rows = guess()
    rows["mentions"] = [mention("التقى سامر الوردي", "PER", "x1"), mention("وليلى النهري", "PER", "x3")]
    scores = evaluate([parse_annotation("d", TEXT, ANNOTATION)], predicted_from_rows(rows, {"d": TEXT}))
    assert (scores.mentions["PER"].right, scores.mentions["PER"].wrong) == (1, 1)


def write_tables(folder: Path, tables: dict[str, list[dict[str, object]]], *, parquet: bool = False) -> None:
    folder.mkdir(exist_ok=True)
    for table in TABLES:
        batch = [tuple(row.get(column) for column in table.column_names) for row in tables.get(table.name, ())]
        if parquet:
            write_parquet(folder / f"{table.name}.parquet", table, [batch])
        else:
            write_csv(folder / f"{table.name}.csv", table, [batch])


def write_gold(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    (folder / "d.txt").write_bytes(TEXT.encode())
    (folder / "d.ann").write_text(ANNOTATION, "utf-8")


def test_folders_of_annotations_or_of_json_score_alike(tmp_path: Path) -> None:
    write_gold(tmp_path / "ann")
    write_tables(tmp_path / "out", guess())
    gold = parse_annotation("d", TEXT, ANNOTATION)
    (tmp_path / "json").mkdir()
    (tmp_path / "json" / "d.txt").write_bytes(TEXT.encode())
    (tmp_path / "json" / "d.json").write_text(json.dumps(standoff(gold), ensure_ascii=False), "utf-8")
    first, second = (evaluate_folders(tmp_path / name, tmp_path / "out") for name in ("ann", "json"))
    assert first.mentions["all"].right == 3
    assert format_scores(first) == format_scores(second)


def test_tables_as_parquet_alone_score_as_those_as_csv(tmp_path: Path) -> None:
    write_gold(tmp_path / "ann")
    rows = guess()
    rows["entities"][1]["name"] = "=سامر"  # CSV has an apostrophe before it, against formulas
    rows["mentions"].append({"doc_id": "d", "start": 0, "end": 5, "text": TEXT[:5], "type": "PER"})  # of no entity
    for form in ("csv", "parquet"):
        write_tables(tmp_path / form, rows, parquet=form == "parquet")
    first, second = (evaluate_folders(tmp_path / "ann", tmp_path / form) for form in ("csv", "parquet"))
    assert first.mentions["all"].wrong == 2
    assert format_scores(first) == format_scores(second)
    made = load_predicted(tmp_path / "csv", {})["d"]
    assert made == load_predicted(tmp_path / "parquet", {})["d"]
    assert made.mentions[0].entity_id == ""
    assert made.entities[0].name == "=سامر"


def test_tables_of_other_documents_are_an_error(tmp_path: Path) -> None:
    write_gold(tmp_path / "ann")
    write_tables(tmp_path / "out", {"documents": [{"doc_id": "other"}]})
    with pytest.raises(InputError, match=r"none of the 1 documents .*\(as d\)"):
        evaluate_folders(tmp_path / "ann", tmp_path / "out")


def standoff(gold: GoldDocument) -> dict[str, object]:
    def ends(span: Span | None) -> dict[str, int]:
        return {"start": span.start, "end": span.end} if span else {}

    return {
        "doc_id": gold.doc_id,
        "date": "-",
        "segments": [],
        "mentions": [{**ends(m.span), "type": m.type, "entity": m.entity_id} for m in gold.mentions],
        "entities": {e.entity_id: {"type": e.type, "name": e.name, "country": e.country} for e in gold.entities},
        "positions": [
            {"entity": p.entity_id, "title": p.title, "of": p.of_country, "former": p.former} for p in gold.positions
        ],
        "meetings": [
            {
                "kind": m.kind,
                "status": m.status,
                "date": m.date or "-",
                "place": m.place_entity_id or "-",
                "who": sorted(m.parties),
                **ends(m.quote),
            }
            for m in gold.meetings
        ],
        "relations": [{"relation": r.kind, "head": r.head_entity_id, "tail": r.tail_entity_id} for r in gold.relations],
    }


@pytest.mark.parametrize(
    ("table", "row", "reason"),
    [
        ("meetings", {"doc_id": "d", "meeting_id": "m", "kind": "match", "status": "held"}, "match"),
        ("mentions", {"doc_id": "d", "start": "one", "end": 2, "type": "PER", "entity_id": "x"}, "one"),
        ("relations", {"doc_id": "d"}, "relation"),
    ],
)
def test_a_row_that_does_not_fit_is_named(table: str, row: dict[str, object], reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        predicted_from_rows({**guess(), table: [row]}, {})


def test_a_folder_without_tables_is_an_error(tmp_path: Path) -> None:
    write_gold(tmp_path / "ann")
    with pytest.raises(InputError, match=r"documents\.csv"):
        evaluate_folders(tmp_path / "ann", tmp_path)
    with pytest.raises(InputError, match=r"no \.ann"):
        evaluate_folders(tmp_path, tmp_path)


def noisy_tables(gold: list[GoldDocument], chance: random.Random) -> dict[str, list[dict[str, object]]]:
    """Gold's own facts as tables, with every kind of mistake put in at random."""
    tables: dict[str, list[dict[str, object]]] = {
        name: [] for name in ("documents", "mentions", "entities", "positions", "meetings", "participants", "relations")
    }
    for document in gold[1:]:
        name = document.doc_id
        doc_id: dict[str, object] = {"doc_id": name}
        ids = {entity.entity_id: f"{name}-{chance.randrange(40)}" for entity in document.entities}
        tables["documents"].append(doc_id)
        for entity in document.entities:
            country = entity.country if chance.random() < 0.9 else ""
            tables["entities"].append(
                {"entity_id": ids[entity.entity_id], "type": entity.type, "name": "x", "country": country}
            )
        for one in document.mentions:
            if chance.random() < 0.8:
                start = max(one.span.start - chance.choice((0, 0, 0, 1, 2)), 0)
                type_ = chance.choice((one.type, one.type, one.type, "ORG"))
                place = {"start": start, "end": one.span.end, "text": "x"}
                tables["mentions"].append({**doc_id, **place, "type": type_, "entity_id": ids[one.entity_id]})
        for office in document.positions:
            of = ids.get(office.of_entity_id or "", "")
            country = office.of_country if chance.random() < 0.8 else ""
            person = {"entity_id": ids[office.entity_id], "title": office.title, "former": office.former}
            tables["positions"].append({**doc_id, **person, "of_entity_id": of, "of_country": country})
        for number, meeting in enumerate(document.meetings):
            first, _, last = (meeting.date or "").partition("/")
            row = {"kind": chance.choice((meeting.kind, "visit")), "status": chance.choice((meeting.status, "held"))}
            dates = {"date_from": first, "date_to": last or first}
            place = {"place_entity_id": ids.get(meeting.place_entity_id or "", "")}
            tables["meetings"].append({"meeting_id": f"{name}.{number}", **doc_id, **row, **dates, **place})
            for party in sorted(meeting.parties):
                if chance.random() < 0.9:
                    tables["participants"].append({"meeting_id": f"{name}.{number}", "entity_id": ids[party]})
        for tie in document.relations:
            ends = {"head_entity_id": ids[tie.head_entity_id], "tail_entity_id": ids[tie.tail_entity_id]}
            tables["relations"].append({**doc_id, "relation": tie.kind, **ends})
    return tables


@pytest.mark.skipif(SHARED is None, reason="the reference evaluation is not beside this checkout")
@pytest.mark.parametrize("seed", [1, 2])
def test_scores_print_the_same_digits_as_the_reference_script(tmp_path: Path, seed: int) -> None:
    assert SHARED is not None
    dev = SHARED / "gold" / "dev"
    write_tables(tmp_path, noisy_tables(read_gold(dev), random.Random(seed)))  # noqa: S311 - no secret
    command = [sys.executable, str(SHARED / "evaluation" / "score.py"), "tables", str(dev), str(tmp_path)]
    reference = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=True).stdout
    assert "(0 right" not in reference
    assert format_scores(evaluate_folders(dev, tmp_path)).splitlines() == reference.splitlines()

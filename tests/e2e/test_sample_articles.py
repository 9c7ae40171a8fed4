"""The sample articles of ``data/raw`` through the shipped models: what a person reads in them comes out."""

import csv
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import pytest

import pipeline
from pipeline.run import run

ROOT = Path(__file__).parents[2]


class Told(NamedTuple):
    """A meeting as a reader tells it."""

    doc_id: str
    kind: str
    status: str
    first: str
    last: str
    place: str
    parties: frozenset[str]


def read_rows(folder: Path, table: str) -> list[dict[str, str]]:
    with (folder / f"{table}.csv").open(encoding="utf-8-sig", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> list[Told]:
    output = tmp_path_factory.mktemp("samples")
    run([ROOT / "data" / "raw"], output)
    names = {row["entity_id"]: row["name"] for row in read_rows(output, "entities")}
    parties = defaultdict(set)
    for row in read_rows(output, "participants"):
        parties[row["meeting_id"]].add(names[row["entity_id"]])
    return [
        Told(
            row["doc_id"],
            row["kind"],
            row["status"],
            row["date_from"],
            row["date_to"],
            names.get(row["place_entity_id"], ""),
            frozenset(parties[row["meeting_id"]]),
        )
        for row in read_rows(output, "meetings")
    ]


def of(told: list[Told], doc_id: str) -> list[Told]:
    return sorted(m for m in told if m.doc_id.startswith(doc_id))


@pytest.mark.models
def test_both_talks_in_saint_petersburg_are_told_apart(told: list[Told]) -> None:
    day, place, host = "2025-12-21", "سان بطرسبرج", "فلاديمير بوتين"
    found = of(told, "000_")
    for guest in ("ألكسندر لوكاشينكو", "صادير جاباروف"):
        wanted = Told("000_05da128b799cbb77", "meeting", "held", day, day, place, frozenset({host, guest}))
        assert wanted in found
    assert len(found) == 2


@pytest.mark.models
def test_the_council_of_two_presidents_has_neither_place_nor_date(told: list[Told]) -> None:
    both = frozenset({"فلاديمير بوتين", "ألكسندر لوكاشينكو"})
    assert of(told, "004_") == [Told("004_51d7c5bbc429c469", "meeting", "held", "", "", "", both)]


@pytest.mark.models
@pytest.mark.parametrize(
    ("doc_id", "kind", "status", "day", "parties"),
    [
        ("101_", "meeting", "held", "2024-03-14", {"سليم الراوشدي", "هيلدا براندتنر"}),
        ("102_", "call", "held", "2025-02-03", {"حيدر السالمي", "لوتشيو فيرانتي"}),
        ("106_", "meeting", "cancelled", "2024-09-02", {"جنكيز أرسويلو", "زوراب ميكاشفيلي"}),
        ("109_", "meeting", "planned", "2025-09-18", {"إتيان مارسيل", "يوهان فان درلوك"}),
        ("111_", "meeting", "held", "2024-12-04", {"منيرة الزعفراني", "عبيد الطنيجاوي"}),
    ],
)
def test_a_meeting_comes_out_with_its_status_day_and_parties(
    told: list[Told], doc_id: str, kind: str, status: str, day: str, parties: set[str]
) -> None:
    assert any(
        (m.kind, m.status, m.first, m.parties) == (kind, status, day, frozenset(parties)) for m in of(told, doc_id)
    )


@pytest.mark.models
@pytest.mark.parametrize("doc_id", ["108_", "110_"])
def test_a_match_and_a_tour_of_inspection_are_no_meetings(told: list[Told], doc_id: str) -> None:
    assert of(told, doc_id) == []


@pytest.mark.models
def test_a_denied_meeting_is_denied(told: list[Told]) -> None:
    assert [m.status for m in of(told, "107_")] == ["denied"]


@pytest.mark.parametrize("path", sorted((ROOT / "data" / "raw").glob("*.txt")), ids=lambda path: path.stem)
def test_a_party_is_told_in_the_evidence_that_names_it(path: Path) -> None:
    found = pipeline.extract(path.read_text("utf-8"))
    names = {entity["entity_id"]: [name["start"] for name in entity["mentions"]] for entity in found["entities"]}
    for meeting in found["meetings"]:
        start, end = (meeting["evidence"][0][edge] for edge in ("start", "end"))
        for party in meeting["parties"]:
            if any(start <= at < end for at in names[party["entity_id"]]):
                assert start <= party["named_by"]["start"] < party["named_by"]["end"] <= end

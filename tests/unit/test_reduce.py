"""The reduce on documents made by hand: what two of them tell of the same people comes out once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import ConfigError
from pipeline.journal import Journal, Part
from pipeline.reduce import Corpus, _Beside
from pipeline.schema import (
    Analysis,
    Document,
    Entity,
    EntityType,
    Evidence,
    Link,
    Meeting,
    MeetingKind,
    Mention,
    Party,
    Position,
    Rejected,
    Relation,
    RelationKind,
    Sentence,
    Span,
    Status,
    When,
)
from pipeline.shards import Rows, add_rows, document_key, text_digest, to_parquet
from pipeline.tables import TABLES

NAMES = ("سالم الوردي", "ناصر الحمداني", "عمان")
TYPES = (EntityType.PER, EntityType.PER, EntityType.LOC)
DAY = date(2021, 3, 3)


def told(doc_id: str, *, extra: str = "", day: date | None = DAY, status: Status = Status.HELD) -> Analysis:
    """A document in which the first two people of NAMES meet in the third."""
    text = f"التقى {NAMES[0]} مع {NAMES[1]} في {NAMES[2]} {extra}".strip()
    spans = [Span(text.index(name), text.index(name) + len(name)) for name in NAMES]
    ids = [f"{doc_id}-{number}" for number in range(3)]
    evidence = Evidence(Span(0, len(text)), 0)
    return Analysis(
        Document(doc_id, text, f"{doc_id}.txt", published=date(2021, 3, 4), published_basis="column"),
        sentences=(Sentence(Span(0, len(text)), (), 0),),
        mentions=tuple(Mention(span, kind, 0, 0.9) for span, kind in zip(spans, TYPES, strict=True)),
        entities=tuple(
            Entity(ids[number], TYPES[number], NAMES[number], (Link(number, "name"),)) for number in range(3)
        ),
        positions=(Position(ids[0], "وزير", None, "JO", False, spans[0], evidence),),
        meetings=(
            Meeting(
                f"m-{doc_id}",
                MeetingKind.MEETING,
                status,
                (Party(ids[0], "host"), Party(ids[1], "participant", spans[1])),
                ids[2],
                When(day, day, "stated") if day else None,
                Span(0, 5),
                (evidence,),
            ),
        ),
        relations=(Relation(RelationKind.FAMILY, ids[0], ids[1], evidence),),
    )


def with_a_third(analysis: Analysis) -> Analysis:
    """The document with its place as a third party."""
    (meeting,) = analysis.meetings
    third = Party(analysis.entities[2].entity_id, "participant", analysis.mentions[2].span)
    return replace(analysis, meetings=(replace(meeting, parties=(*meeting.parties, third)),))


@contextmanager
def corpus(folder: Path, results: Sequence[Analysis | Rejected]) -> Iterator[Corpus]:
    with Journal(folder / "work", "settings") as journal:
        rows: Rows = {}
        keys = []
        for number, result in enumerate(results):
            document = result.document if isinstance(result, Analysis) else Document(result.doc_id, str(number))
            keys.append(document_key(document))
            add_rows(rows, keys[-1], result)
        journal.commit("shard", Part(tuple(keys), to_parquet(rows)))
        made = Corpus(journal, memory_mb=500)
        try:
            yield made
        finally:
            made.close()


def all_rows(made: Corpus) -> dict[str, list[dict[str, Any]]]:
    return {
        table.name: [dict(zip(table.column_names, row, strict=True)) for portion in made.rows(table) for row in portion]
        for table in TABLES
    }


@pytest.mark.parametrize(("reports", "parties"), [(4, 3), (5, 2)])
def test_an_event_has_the_parties_that_a_quarter_of_its_reports_name(
    tmp_path: Path, reports: int, parties: int
) -> None:
    results = [told(f"d{number}", extra="ثم " * number) for number in range(reports)]
    results[-1] = with_a_third(results[-1])
    with corpus(tmp_path, results) as made:
        (event,) = all_rows(made)["events"]
    assert event["n_reports"] == reports
    assert len(event["parties"].split("|")) == parties


def test_two_documents_share_entities_edges_and_one_event(tmp_path: Path) -> None:
    with corpus(tmp_path, [told("a"), told("b", extra="اليوم", status=Status.PLANNED)]) as made:
        rows = all_rows(made)
    assert [row["n_documents"] for row in rows["entities"]] == [2, 2, 2]
    assert {row["name"] for row in rows["entities"]} == set(NAMES)
    (event,) = rows["events"]
    assert (event["n_reports"], event["n_documents"], event["status"]) == (2, 2, "held")
    assert (event["date_from"], event["date_to"]) == ("2021-03-03", "2021-03-03")
    assert [row["doc_id"] for row in rows["event_reports"]] == ["a", "b"]
    place = next(row["entity_id"] for row in rows["entities"] if row["name"] == NAMES[2])
    assert event["place_entity_id"] == place
    assert len(event["parties"].split("|")) == 2
    ties = {(row["kind"], row["label"]): row for row in rows["edges"] if row["kind"] != "co_mention"}
    assert ties["relation", "family"]["weight"] == 2
    assert ties["meeting", "held"]["weight"] == 1
    assert sum(row["kind"] == "co_mention" for row in rows["edges"]) == 3


def test_meetings_on_other_days_stay_apart(tmp_path: Path) -> None:
    with corpus(tmp_path, [told("a"), told("b", extra="ثانية", day=date(2021, 5, 1))]) as made:
        assert len(all_rows(made)["events"]) == 2


def test_documents_out_and_rejected_are_all_that_went_in(tmp_path: Path) -> None:
    twin = told("z")
    taken = told("b", extra="غدا"), told("b", extra="أمس")
    with corpus(tmp_path, [told("a"), twin, *taken, Rejected("r", "r.txt", "mentions", "why")]) as made:
        rows = all_rows(made)
    assert [row["doc_id"] for row in rows["documents"]] == ["a", "b"]
    assert [(row["doc_id"], row["stage"]) for row in rows["rejected"]] == [
        ("b", "duplicate"),
        ("r", "mentions"),
        ("z", "duplicate"),
    ]
    assert len(rows["mentions"]) == 6


def test_an_id_whose_owner_is_a_twin_goes_to_the_next(tmp_path: Path) -> None:
    first, second = sorted((told("b"), told("b", extra="غدا")), key=lambda one: text_digest(one.document.text))
    twin = replace(told("a"), document=Document("a", first.document.text))
    with corpus(tmp_path, [twin, first, second]) as made:
        rows = all_rows(made)
    texts = {row["doc_id"]: row["n_chars"] for row in rows["documents"]}
    assert texts == {"a": len(first.document.text), "b": len(second.document.text)}
    assert [(row["doc_id"], row["reason"]) for row in rows["rejected"]] == [
        ("b", "same text as document a, which is kept")
    ]


def test_an_empty_corpus_has_every_table_empty(tmp_path: Path) -> None:
    with Journal(tmp_path / "work", "settings") as journal:
        made = Corpus(journal, memory_mb=500)
        assert set(map(len, all_rows(made).values())) == {0}
        made.close()


def test_any_name_of_a_folder_will_do(tmp_path: Path) -> None:
    with corpus(tmp_path / "o'brien's [1] *" / 'a"b', [told("a")]) as made:
        assert len(all_rows(made)["documents"]) == 1


def test_a_reduce_that_fails_leaves_nothing_on_the_disk(tmp_path: Path) -> None:
    with Journal(tmp_path / "work", "settings") as journal:
        with pytest.raises(ConfigError):
            Corpus(journal, memory_mb=500, registry=tmp_path / "missing.tsv")
        assert not (tmp_path / "work" / "reduce").exists()


def test_a_sentence_of_very_many_names_is_a_list_and_ties_nobody(tmp_path: Path) -> None:
    names = [f"اسم{number}" for number in range(200)]
    text = " ".join(names)
    spans = [Span(text.index(name + " "), text.index(name + " ") + len(name)) for name in names[:-1]]
    whole = Span(0, len(text))
    listed = Analysis(
        Document("list", text, "list.txt"),
        sentences=(Sentence(whole, (), 0),),
        mentions=tuple(Mention(span, EntityType.PER, 0) for span in spans),
        entities=tuple(
            Entity(str(number), EntityType.PER, names[number], (Link(number, "name"),)) for number in range(len(spans))
        ),
    )
    with corpus(tmp_path, [listed, told("a")]) as made:
        rows = all_rows(made)
    assert len(rows["mentions"]) == 199 + 3
    assert sum(row["kind"] == "co_mention" for row in rows["edges"]) == 3


def test_the_offices_of_a_person_are_in_order_so_that_equal_profiles_have_one_id(tmp_path: Path) -> None:
    first = told("a")
    (position,) = first.positions
    offices = tuple(replace(position, title=f"وزير {number}") for number in range(12))
    again = told("b", extra="ثم")
    again_offices = tuple(replace(office, entity_id=again.positions[0].entity_id) for office in reversed(offices))
    with corpus(tmp_path, [replace(first, positions=offices), replace(again, positions=again_offices)]) as made:
        found = made.count("SELECT positions FROM profiles WHERE len(positions) > 0")
    assert [positions for (positions,) in found] == [sorted(f"{office.title}\x1eJO" for office in offices)]


def test_sorted_rows_are_given_to_the_key_that_they_belong_to() -> None:
    beside = _Beside(iter([("b", 1), ("b", 2), ("d", 3)]))
    assert [beside.of(key) for key in "abcde"] == [[], [("b", 1), ("b", 2)], [], [("d", 3)], []]

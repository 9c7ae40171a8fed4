from datetime import date
from pathlib import Path

import pytest

from pipeline.errors import InputError
from pipeline.evaluation.gold import GoldDocument, find_occurrences, parse_annotation, read_gold
from pipeline.schema import Analysis, EntityType, SegmentKind, Sentence, Span
from pipeline.training.gold_analysis import as_analysis, parse_when

TEXT = (
    "قال سامر الوردي إن للمجلس الأزرق دورا.\nوالتقى الوردي بسلمى الزهراء في مدينة نورس اليوم.\nاقرأ أيضا: الوردي يسافر"
)
ANNOTATION = """
# an invented article
DATE\t2031-04-05
SEG\tboilerplate\tاقرأ أيضا\tيسافر
E\te1\tPER\tسامر الوردي
E\te2\tPER\tسلمى الزهراء
E\te3\tLOC\tنورس
E\te4\tORG\tالمجلس الأزرق
E\te5\tLOC\tوردستان\tWD
M\te1\tسامر الوردي
M\te1\tالوردي
M\te2\tسلمى الزهراء
M\te3\tنورس
M\te4\tالمجلس الأزرق
POS\te1\tرئيس\te4\tformer
POS\te2\tوزير\tWD
MEET\tmeeting\theld\t2031-04-05\te3\te1,e2\tev: والتقى الوردي بسلمى الزهراء
REL\tlocated_in\te4\te3
"""


def parse(text: str = TEXT, annotation: str = ANNOTATION) -> GoldDocument:
    return parse_annotation("d1", text, annotation)


def lines(analysis: Analysis) -> tuple[Sentence, ...]:
    found, at = [], 0
    for line in analysis.document.text.splitlines(keepends=True):
        found.append(Sentence(Span(at, at + len(line)), (), 0))
        at += len(line)
    return tuple(found)


def test_mentions_are_the_longest_strings_outside_boilerplate_and_without_proclitics() -> None:
    gold = parse()
    assert [(mention.span.of(TEXT), mention.entity_id) for mention in gold.mentions] == [
        ("سامر الوردي", "e1"),
        ("لمجلس الأزرق", "e4"),
        ("الوردي", "e1"),
        ("سلمى الزهراء", "e2"),
        ("نورس", "e3"),
    ]


def test_a_name_inside_a_longer_word_is_no_occurrence() -> None:
    assert find_occurrences("نورسة ونورس ونحورس", "نورس") == [Span(7, 11)]


def test_four_letters_before_a_name_are_no_proclitics() -> None:
    assert find_occurrences("وفبلنورس وفبنورس", "نورس") == [Span(12, 16)]


def test_only_the_listed_occurrences_are_marked() -> None:
    text = "نورس ثم نورس ثم نورس"
    gold = parse_annotation("d", text, "E\te1\tLOC\tنورس\nM\te1\tنورس\t1,3")
    assert [mention.span.start for mention in gold.mentions] == [0, 16]


def test_segments_cover_the_text() -> None:
    gold = parse()
    assert "".join(segment.span.of(TEXT) for segment in gold.segments) == TEXT
    assert [segment.kind for segment in gold.segments] == [SegmentKind.ARTICLE, SegmentKind.BOILERPLATE]


def test_of_what_is_an_entity_or_a_country() -> None:
    first, second = parse().positions
    assert (first.of_entity_id, first.of_country, first.former) == ("e4", None, True)
    assert (second.of_entity_id, second.of_country, second.former) == (None, "WD", False)


@pytest.mark.parametrize(
    ("statement", "reason"),
    [
        ("M\te1\tغائب", "nowhere free"),
        ("POS\te9\tرئيس", "no entity e9"),
        ("MEET\tmeeting\theld\t-\t-\te1\tev: قال", "two parties"),
        ("MEET\tmeeting\theld\t-\t-\te1,e2\tev: غائب", "quote"),
        ("MEET\tmatch\theld\t-\t-\te1,e2\tev: قال", "match"),
        ("E\te1\tPER\tآخر", "twice"),
        ("X\t1", "unknown statement"),
        ("DATE", "d1.ann:19"),
    ],
)
def test_a_statement_that_does_not_fit_names_its_line(statement: str, reason: str) -> None:
    with pytest.raises(InputError, match=reason):
        parse(annotation=ANNOTATION + statement)


def test_a_date_covers_its_month_or_range() -> None:
    month, span = parse_when("2028-02"), parse_when("2031-03-30/2031-04-01")
    assert month is not None
    assert span is not None
    assert (month.first, month.last, month.precision) == (date(2028, 2, 1), date(2028, 2, 29), "month")
    assert (span.first, span.last, span.precision) == (date(2031, 3, 30), date(2031, 4, 1), "range")
    assert parse_when(None) is None


def test_a_folder_is_read_in_order(tmp_path: Path) -> None:
    for name in ("b", "a"):
        (tmp_path / f"{name}.txt").write_bytes(TEXT.encode())
        (tmp_path / f"{name}.ann").write_text(ANNOTATION, "utf-8")
    assert [gold.doc_id for gold in read_gold(tmp_path)] == ["a", "b"]
    (tmp_path / "a.txt").unlink()
    with pytest.raises(InputError, match=r"a\.txt"):
        read_gold(tmp_path)


def test_a_folder_without_annotations_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no \.ann file"):
        read_gold(tmp_path)


def test_gold_stands_in_for_the_stages() -> None:
    analysis = as_analysis(parse(), upto="meetings", split=lines)
    assert [mention.sentence for mention in analysis.mentions] == [0, 0, 1, 1, 1]
    assert {entity.entity_id: len(entity.links) for entity in analysis.entities} == {"e1": 2, "e2": 1, "e3": 1, "e4": 1}
    meeting = analysis.meetings[0]
    assert meeting.evidence[0].sentence == 1
    assert meeting.when is not None
    assert meeting.when.first == date(2031, 4, 5)
    assert [party.entity_id for party in meeting.parties] == ["e1", "e2"]


def test_gold_stops_where_it_is_told() -> None:
    analysis = as_analysis(parse(), upto="mentions", split=lines)
    assert analysis.mentions
    assert not analysis.entities
    assert analysis.mentions[0].type is EntityType.PER

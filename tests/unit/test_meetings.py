"""The meeting stage with its shipped scorers, on invented sentences."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from pipeline.dates import find_dates
from pipeline.meetings import find_meetings
from pipeline.positions import find_positions
from pipeline.references import find_references
from pipeline.relations import find_relations
from pipeline.schema import (
    Analysis,
    Document,
    Entity,
    EntityType,
    Link,
    Meeting,
    MeetingKind,
    Mention,
    Segment,
    SegmentKind,
    Span,
    Status,
)
from pipeline.segment import split_sentences

TYPES = {"p": EntityType.PER, "l": EntityType.LOC, "o": EntityType.ORG}


def analyse(text: str, names: dict[str, str]) -> Analysis:
    """The analysis of a text up to its dates; ``names`` maps a name to its type's letter."""
    segment = Segment(Span(0, len(text)), SegmentKind.ARTICLE)
    analysis = Analysis(Document("d", text, published=date(2024, 3, 12)), segments=(segment,))
    analysis = replace(analysis, sentences=split_sentences(analysis))
    mentions: list[Mention] = []
    entities: list[tuple[str, str, list[int]]] = []
    for name, letter in names.items():
        links: list[int] = []
        at = text.find(name)
        while at >= 0:
            sentence = next(i for i, s in enumerate(analysis.sentences) if s.span.start <= at < s.span.end)
            links.append(len(mentions))
            mentions.append(Mention(Span(at, at + len(name)), TYPES[letter], sentence))
            at = text.find(name, at + 1)
        entities.append((name, letter, links))
    order = sorted(range(len(mentions)), key=lambda i: mentions[i].span)
    place = {old: new for new, old in enumerate(order)}
    made = tuple(
        Entity(name, TYPES[letter], name, tuple(Link(place[i], "full name") for i in links))
        for name, letter, links in entities
    )
    analysis = replace(analysis, mentions=tuple(mentions[i] for i in order), entities=made)
    analysis = replace(analysis, positions=find_positions(analysis))
    analysis = replace(analysis, references=find_references(analysis))
    return replace(analysis, dates=find_dates(analysis))


def meetings_of(text: str, names: dict[str, str]) -> tuple[Meeting, ...]:
    return find_meetings(analyse(text, names))


def parties(meeting: Meeting) -> set[str]:
    return {party.entity_id for party in meeting.parties}


@pytest.mark.parametrize(
    "text",
    [
        "استقبل الرئيس سالم الكرمي في القاهرة اليوم وزير الخارجية هاني البدوي.",
        "التقى الرئيس سالم الكرمي أمس في القاهرة وزير الخارجية هاني البدوي.",
        "أجرى الرئيس سالم الكرمي مباحثات مع وزير الخارجية هاني البدوي في القاهرة.",
        "بحث الرئيس سالم الكرمي مع وزير الخارجية هاني البدوي العلاقات بين البلدين.",
        "اجتمع الرئيس سالم الكرمي مع وزير الخارجية هاني البدوي في القاهرة.",
        "عقد الرئيس سالم الكرمي اجتماعا مع وزير الخارجية هاني البدوي.",
    ],
)
def test_two_people_who_met_are_found(text: str) -> None:
    found = meetings_of(text, {"سالم الكرمي": "p", "هاني البدوي": "p", "القاهرة": "l"})
    assert [parties(meeting) for meeting in found] == [{"سالم الكرمي", "هاني البدوي"}]
    assert found[0].status is Status.HELD
    assert found[0].kind is MeetingKind.MEETING


def test_a_call_is_a_call() -> None:
    text = "أجرى الرئيس سالم الكرمي اتصالا هاتفيا بالرئيس هاني البدوي تناول العلاقات بين البلدين."
    found = meetings_of(text, {"سالم الكرمي": "p", "هاني البدوي": "p"})
    assert [meeting.kind for meeting in found] == [MeetingKind.CALL]


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("اجتمع وزير الخارجية سالم العلي، افتراضيا، مع نظيره هاني البدوي.", MeetingKind.CALL),
        ("عقد وزير الخارجية سالم العلي اجتماعا مرئيا مع نظيره هاني البدوي.", MeetingKind.CALL),
        ("اجتمع وزير الخارجية سالم العلي عن بعد مع نظيره هاني البدوي.", MeetingKind.CALL),
        ("اجتمع وزير الخارجية سالم العلي مع نظيره هاني البدوي في مبنى شركة الهاتف.", MeetingKind.MEETING),
    ],
)
def test_a_word_for_a_call_right_behind_the_verb_makes_it_one(words: str, kind: MeetingKind) -> None:
    assert {meeting.kind for meeting in meetings_of(words, {"سالم العلي": "p", "هاني البدوي": "p"})} == {kind}


def test_a_meeting_to_come_is_planned() -> None:
    text = "من المقرر أن يلتقي الرئيس سالم الكرمي غدا وزير الخارجية هاني البدوي."
    found = meetings_of(text, {"سالم الكرمي": "p", "هاني البدوي": "p"})
    assert [meeting.status for meeting in found] == [Status.PLANNED]


def test_one_meeting_told_twice_is_one_event() -> None:
    text = (
        "استقبل الرئيس سالم الكرمي في القاهرة وزير الخارجية هاني البدوي. "
        "وأكد الكرمي خلال لقائه وزير الخارجية هاني البدوي أهمية التعاون."
    )
    names = {"سالم الكرمي": "p", "هاني البدوي": "p", "القاهرة": "l"}
    assert len(meetings_of(text, names)) == 1


def test_evidence_and_trail_point_into_the_text() -> None:
    text = "استقبل الرئيس سالم الكرمي في القاهرة اليوم وزير الخارجية هاني البدوي."
    meeting = meetings_of(text, {"سالم الكرمي": "p", "هاني البدوي": "p", "القاهرة": "l"})[0]
    assert meeting.trigger.of(text) == "استقبل"
    assert "سالم الكرمي" in meeting.evidence[0].span.of(text)
    assert meeting.rule == "trigger=استقبل/verb"
    assert meeting.features
    assert meeting.confidence is not None
    assert 0.0 <= meeting.confidence <= 1.0


@pytest.mark.parametrize(
    "text",
    [
        "قال سالم الكرمي إن هاني البدوي كاتب معروف.",
        "كتب سالم الكرمي مقالا عن هاني البدوي في الصحيفة.",
    ],
)
def test_names_together_are_no_meeting(text: str) -> None:
    assert meetings_of(text, {"سالم الكرمي": "p", "هاني البدوي": "p"}) == ()


def test_nothing_is_found_in_nothing() -> None:
    assert meetings_of("", {}) == ()
    assert find_relations(analyse("", {})) == ()


def test_a_city_in_a_country_is_located_there() -> None:
    found = find_relations(analyse("وقع الانفجار في مدينة دومة في سوريا صباحا.", {"دومة": "l", "سوريا": "l"}))
    assert [(r.kind.value, r.head_entity_id, r.tail_entity_id) for r in found] == [("located_in", "دومة", "سوريا")]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        ("استقبل الرئيس سالم الكرمي في القاهرة وزير الخارجية هاني البدوي.", "host", "visitor"),
        ("أجرى الرئيس سالم الكرمي اتصالا هاتفيا بالرئيس هاني البدوي.", "caller", "callee"),
        ("تلقى الرئيس سالم الكرمي اتصالا هاتفيا من الرئيس هاني البدوي.", "callee", "caller"),
        ("التقى الرئيس سالم الكرمي وزير الخارجية هاني البدوي في القاهرة.", "participant", "participant"),
    ],
)
def test_the_verb_gives_the_parts(text: str, first: str, second: str) -> None:
    found = meetings_of(text, {"سالم الكرمي": "p", "هاني البدوي": "p", "القاهرة": "l"})
    assert {party.entity_id: party.role for party in found[0].parties} == {"سالم الكرمي": first, "هاني البدوي": second}


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("سيقوم الرئيس سالم الكرمي بزيارة إلى سروان في الفترة من 25 إلى 28 مارس بدعوة من الرئيس هاني البدوي.", 25, 28),
        ("يزور الرئيس سالم الكرمي سروان من 20 إلى 22 مارس حيث سيلتقي الرئيس هاني البدوي.", 20, 22),
        ("التقى الرئيس سالم الكرمي الرئيس هاني البدوي في سروان يوم 8 مارس.", 8, 8),
        ("التقى الرئيس سالم الكرمي الرئيس هاني البدوي في سروان.", 12, 12),
        ("التقى الرئيس سالم الكرمي الرئيس هاني البدوي في سروان قبل القمة التي تعقد من 20 إلى 22 مارس.", 12, 12),
        ("يلتقي الرئيس سالم الكرمي اليوم الرئيس هاني البدوي قبل القمة التي تعقد من 20 إلى 22 مارس.", 12, 12),
        ("بحث الرئيس سالم الكرمي مع الرئيس هاني البدوي الترتيبات للقمة المقرر عقدها في سروان في 20 مارس.", 12, 12),
    ],
)
def test_the_date_of_a_dateline_gives_way_to_days_that_the_sentence_tells_of_the_event(
    text: str, first: int, last: int
) -> None:
    names = {"سالم الكرمي": "p", "هاني البدوي": "p", "دارين": "l", "سروان": "l"}
    (meeting,) = meetings_of("دارين 12 مارس 2024 (و.ق.د) " + text, names)
    assert meeting.when is not None
    assert (meeting.when.first, meeting.when.last) == (date(2024, 3, first), date(2024, 3, last))

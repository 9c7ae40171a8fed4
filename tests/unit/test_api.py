"""What ``extract`` tells of a text: every fact with its evidence and how sure it is."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest

from pipeline.api import extract, facts
from pipeline.errors import InputError
from pipeline.schema import (
    Analysis,
    Document,
    Evidence,
    Meeting,
    MeetingKind,
    Party,
    Position,
    Relation,
    RelationKind,
    Span,
    Status,
    When,
)

TEXT = "التقى سامر الوردي ليلى النهري أمس، وهو وزير."
WHOLE, TRIGGER, NAME, TITLE = Span(0, len(TEXT)), Span(0, 5), Span(6, 17), Span(39, 43)
EVIDENCE = Evidence(WHOLE, 0)


def told() -> dict[str, Any]:
    parties = (Party("e1", "host", NAME), Party("e2", "visitor"))
    day = date(2031, 4, 4)
    when = When(day, day, "relative")
    analysis = Analysis(
        Document("d", TEXT),
        positions=(Position("e1", "وزير", None, "WD", False, TITLE, EVIDENCE, 0.81239),),
        meetings=(
            Meeting("m", MeetingKind.MEETING, Status.HELD, parties, None, when, TRIGGER, (EVIDENCE,), 0.7, "frame"),
        ),
        relations=(Relation(RelationKind.FAMILY, "e1", "e2", EVIDENCE, rule="kin", confidence=None),),
    )
    found: dict[str, Any] = json.loads(json.dumps(facts(analysis), ensure_ascii=False))
    return found


def test_every_fact_has_its_confidence_and_unknown_is_null() -> None:
    found = told()
    assert [found[kind][0]["confidence"] for kind in ("positions", "meetings", "relations")] == [0.8124, 0.7, None]


def test_a_meeting_tells_what_it_rests_on() -> None:
    (meeting,) = told()["meetings"]
    assert meeting["trigger"] == {"start": 0, "end": 5, "text": "التقى"}
    assert (meeting["rule"], meeting["date_from"], meeting["date_basis"]) == ("frame", "2031-04-04", "relative")
    first, second = meeting["parties"]
    assert (first["role"], first["named_by"]) == ("host", {"start": 6, "end": 17, "text": "سامر الوردي"})
    assert second["named_by"] is None


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"text": None}, "text must be a str, not NoneType"),
        ({"text": 5}, "text must be a str, not int"),
        ({"text": TEXT.encode()}, "text must be a str, not bytes; decode"),
        ({"text": [TEXT]}, "text must be a str, not list"),
        ({"text": TEXT, "doc_id": 3}, "doc_id must be a str, not int"),
    ],
)
def test_what_is_no_text_is_told_as_such(arguments: Any, told: str) -> None:
    with pytest.raises(InputError, match=told):
        extract(**arguments)

"""A run as JSON-LD on schema.org terms: people, organisations, places, meetings as events, offices, quotations.

What did not take place is no ``Event``: a denied meeting is a ``liqa:DeniedMeeting``. The context stands in the file,
so that reading it needs no network.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pipeline.export.cells import strip_bidi
from pipeline.export.codes import CODED_MEETINGS, coded_meetings
from pipeline.export.files import whole_file
from pipeline.export.json import write_members
from pipeline.export.source import RunFolder
from pipeline.tables import DOCUMENTS, ENTITIES, PARTICIPANTS, POSITIONS, RELATIONS

Thing = dict[str, Any]
Row = Mapping[str, Any]
_CONTEXT: Thing = {
    "@vocab": "https://schema.org/",
    "liqa": "urn:liqa:term:",
    **{
        name: {"@type": "@id"}
        for name in ("sameAs", "location", "about", "isPartOf", "worksFor", "relatedTo", "subjectOf")
    },
    "eventStatus": {"@type": "@vocab"},
    "eventAttendanceMode": {"@type": "@vocab"},
}
_TYPES = {"PER": "Person", "ORG": "Organization", "LOC": "Place"}
_STATUSES = {"held": "EventScheduled", "planned": "EventScheduled", "cancelled": "EventCancelled"}
_RELATIONS = {"located_in": "location", "member_of": "memberOf", "family": "relatedTo", "appointed": "liqa:appointedBy"}


def write_jsonld(path: str | Path, run: RunFolder) -> None:
    """Write the entities, documents, meetings, parties, offices and relations of a run, one node a line."""
    with whole_file(path) as out:
        out.write(f'{{"@context": {json.dumps(_CONTEXT)},\n"@graph": [')
        write_members(out, _things(run))
        out.write("]}\n")


def _things(run: RunFolder) -> Iterator[Thing]:
    yield from (_entity(row) for row in run.rows(ENTITIES))
    yield from (_document(row) for row in run.rows(DOCUMENTS))
    for batch in coded_meetings(run):
        for values in batch:
            yield from _meeting(dict(zip(CODED_MEETINGS.column_names, values, strict=True)))
    yield from (_party(row) for row in run.rows(PARTICIPANTS))
    yield from (_office(row) for row in run.rows(POSITIONS))
    yield from (_relation(row) for row in run.rows(RELATIONS))


def _urn(kind: str, identifier: str) -> str:
    return f"urn:liqa:{kind}:{quote(identifier, safe='')}"


def _known(thing: Thing) -> Thing:
    """The thing without what is unknown, strings free of direction controls."""
    return {
        name: strip_bidi(value) if isinstance(value, str) else value
        for name, value in thing.items()
        if value is not None and value != []
    }


def _entity(row: Row) -> Thing:
    wikidata = row["wikidata_id"]
    return _known(
        {
            "@id": _urn("entity", row["entity_id"]),
            "@type": "Country" if row["country"] else _TYPES[row["type"]],
            "name": row["name"],
            "alternateName": [strip_bidi(alias) for alias in (row["aliases"] or "").split("|") if alias],
            "identifier": row["country"],
            "sameAs": f"http://www.wikidata.org/entity/{wikidata}" if wikidata else None,
        }
    )


def _document(row: Row) -> Thing:
    return _known(
        {
            "@id": _urn("document", row["doc_id"]),
            "@type": "NewsArticle",
            "identifier": row["doc_id"],
            "headline": row["title"],
            "datePublished": row["date"],
            "inLanguage": "ar",
        }
    )


def _meeting(row: Row) -> Iterator[Thing]:
    denied = row["status"] == "denied"
    place = row["place_entity_id"]
    codes = [("CAMEO", code) for code in (row["cameo"] or "").split("|") if code]
    codes += [("PLOVER", row["plover_event"])] if row["plover_event"] else []
    yield _known(
        {
            "@id": _urn("meeting", row["meeting_id"]),
            "@type": "liqa:DeniedMeeting" if denied else "Event",
            "liqa:kind": row["kind"],
            "liqa:status": row["status"],
            "liqa:confidence": row["confidence"],
            "eventStatus": _STATUSES.get(row["status"]),
            "eventAttendanceMode": "OnlineEventAttendanceMode" if row["kind"] == "call" else None,
            "startDate": row["date_from"],
            "endDate": row["date_to"],
            "location": _urn("entity", place) if place else None,
            "identifier": [{"@type": "PropertyValue", "propertyID": name, "value": code} for name, code in codes],
        }
    )
    yield _quotation(row, _urn("meeting", row["meeting_id"]))


def _quotation(row: Row, about: str) -> Thing:
    return _known(
        {
            "@type": "Quotation",
            "text": row["evidence"],
            "isPartOf": _urn("document", row["doc_id"]),
            "about": about,
            "liqa:start": row["evidence_start"],
            "liqa:end": row["evidence_end"],
        }
    )


def _party(row: Row) -> Thing:
    party = {"@id": _urn("entity", row["entity_id"])}
    role = {"@type": "Role", "roleName": row["role"], "attendee": party}
    return {"@id": _urn("meeting", row["meeting_id"]), "attendee": role if row["role"] else party}


def _office(row: Row) -> Thing:
    of: Thing | None = None
    if row["of_entity_id"]:
        of = {"@id": _urn("entity", row["of_entity_id"])}
    elif row["of_country"]:
        of = {"@type": "Country", "identifier": row["of_country"]}
    person = _urn("entity", row["entity_id"])
    role = {"@type": "OrganizationRole", "roleName": row["title"], "memberOf": of, "liqa:former": row["former"]}
    return {"@id": person, "memberOf": _known({**role, "liqa:shownBy": _quotation(row, person)})}


def _relation(row: Row) -> Thing:
    tail = {"@id": _urn("entity", row["tail_entity_id"])}
    return {"@id": _urn("entity", row["head_entity_id"]), _RELATIONS[row["relation"]]: tail}

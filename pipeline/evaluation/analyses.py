"""What the stages found in a document, in the shape of gold."""

from __future__ import annotations

from pipeline.evaluation.gold import (
    GoldDocument,
    GoldEntity,
    GoldMeeting,
    GoldMention,
    GoldPosition,
    GoldRelation,
)
from pipeline.schema import Analysis, Meeting
from pipeline.shards import when_strings


def predicted_from(analysis: Analysis) -> GoldDocument:
    """The facts of an analysis; mentions are in the analysis's order."""
    entity_by_mention = {link.mention: entity.entity_id for entity in analysis.entities for link in entity.links}
    document = analysis.document
    return GoldDocument(
        document.doc_id,
        document.text,
        document.published,
        analysis.segments,
        tuple(
            GoldMention(mention.span, mention.type, entity_by_mention.get(index, ""))
            for index, mention in enumerate(analysis.mentions)
        ),
        tuple(GoldEntity(row.entity_id, row.type, row.name, row.country) for row in analysis.entities),
        tuple(
            GoldPosition(row.entity_id, row.title, row.of_entity_id, row.of_country, row.former)
            for row in analysis.positions
        ),
        tuple(_meeting(meeting) for meeting in analysis.meetings),
        tuple(GoldRelation(row.kind, row.head_entity_id, row.tail_entity_id) for row in analysis.relations),
    )


def _meeting(meeting: Meeting) -> GoldMeeting:
    first, last = when_strings(meeting.when)
    stated = f"{first}/{last}" if first != last else first
    parties = frozenset(party.entity_id for party in meeting.parties)
    quote = meeting.evidence[0].span if meeting.evidence else None
    return GoldMeeting(meeting.kind, meeting.status, stated, meeting.place_entity_id, parties, quote)

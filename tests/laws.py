"""What must hold of every analysis, whatever the text was."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.normalize import normalize
from pipeline.schema import Analysis, Evidence, SegmentKind, Span


def assert_laws(analysis: Analysis) -> None:
    """Every offset lies where it says, spans are ordered, and every reference has its referent."""
    text = analysis.document.text
    _segments(analysis, text)
    _sentences(analysis, text)
    _mentions(analysis, text)
    _facts(analysis, text)


def _ordered(spans: Iterable[Span], length: int) -> None:
    end = 0
    for span in spans:
        assert end <= span.start < span.end <= length
        end = span.end


def _segments(analysis: Analysis, text: str) -> None:
    assert "".join(segment.span.of(text) for segment in analysis.segments) == text
    _ordered((segment.span for segment in analysis.segments if text), len(text))


def _sentences(analysis: Analysis, text: str) -> None:
    _ordered((sentence.span for sentence in analysis.sentences), len(text))
    for sentence in analysis.sentences:
        segment = analysis.segments[sentence.segment]
        assert segment.kind is not SegmentKind.BOILERPLATE
        assert segment.span.covers(sentence.span)
        _ordered((token.span for token in sentence.tokens), len(text))
        assert sentence.tokens[0].span.start == sentence.span.start
        assert sentence.tokens[-1].span.end == sentence.span.end
        for token in sentence.tokens:
            assert token.norm == normalize(token.span.of(text)) != ""


def _mentions(analysis: Analysis, text: str) -> None:
    _ordered((mention.span for mention in analysis.mentions), len(text))
    for mention in analysis.mentions:
        assert analysis.sentences[mention.sentence].span.covers(mention.span)
        assert mention.span.of(text).strip() == mention.span.of(text)
    linked = [link.mention for entity in analysis.entities for link in entity.links]
    assert sorted(linked) == list(range(len(analysis.mentions)))
    ids = [entity.entity_id for entity in analysis.entities]
    assert len(set(ids)) == len(ids)


def _shown(evidence: Evidence, analysis: Analysis) -> None:
    assert evidence.span.of(analysis.document.text)
    assert analysis.sentences[evidence.sentence].span.overlaps(evidence.span)
    assert evidence.span.end <= len(analysis.document.text)


def _facts(analysis: Analysis, text: str) -> None:
    known = {entity.entity_id for entity in analysis.entities}
    for position in analysis.positions:
        assert {position.entity_id, position.of_entity_id} <= known | {None}
        assert 0 <= position.span.start < position.span.end <= len(text)
        _shown(position.evidence, analysis)
    for reference in analysis.references:
        assert reference.entity_id in known
        assert analysis.sentences[reference.sentence].span.covers(reference.span)
    for expression in analysis.dates:
        assert analysis.sentences[expression.sentence].span.overlaps(expression.span)
        assert expression.when is None or expression.when.first <= expression.when.last
    for meeting in analysis.meetings:
        parties = [party.entity_id for party in meeting.parties]
        assert len(set(parties)) == len(parties) >= 2
        assert {*parties, meeting.place_entity_id} <= known | {None}
        assert 0 <= meeting.trigger.start < meeting.trigger.end <= len(text)
        assert meeting.evidence
        for evidence in meeting.evidence:
            _shown(evidence, analysis)
    for relation in analysis.relations:
        assert {relation.head_entity_id, relation.tail_entity_id} <= known
        _shown(relation.evidence, analysis)

"""Simplest stages, for rooms that are not furnished yet."""

from __future__ import annotations

from typing import Any

from pipeline.schema import Analysis, Segment, SegmentKind, Span


def nothing(_: Any) -> tuple[()]:
    """No finding."""
    return ()


def find_segments(analysis: Analysis) -> tuple[Segment, ...]:
    """The whole text as one article."""
    return (Segment(Span(0, len(analysis.document.text)), SegmentKind.ARTICLE),)

"""Texts in which names are marked, for tests of the stages that come after the tagger."""

from __future__ import annotations

from dataclasses import replace

from pipeline.resolve import resolve_entities
from pipeline.schema import Analysis, Document, EntityType, Mention
from pipeline.schema import Span as TextSpan
from pipeline.segment import split_sentences


def analysis_of(marked: str) -> Analysis:
    """The analysis of a text in which names are marked as ``[PER سالم الجوهري]``."""
    text, names = "", []
    for part in marked.split("["):
        if "]" not in part:
            text += part
            continue
        name, rest = part.split("]", 1)
        kind, surface = name.split(" ", 1)
        names.append((TextSpan(len(text), len(text) + len(surface)), EntityType(kind)))
        text += surface + rest
    analysis = Analysis(Document("d", text))
    sentences = split_sentences(analysis)
    mentions = tuple(
        Mention(span, kind, next(i for i, s in enumerate(sentences) if s.span.covers(span))) for span, kind in names
    )
    analysis = replace(analysis, sentences=sentences, mentions=mentions)
    return replace(analysis, entities=resolve_entities(analysis))

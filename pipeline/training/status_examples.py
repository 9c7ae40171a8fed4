"""Sentences written for the scorer of the status: ``status_examples.tsv``, each with the words that tell of the event.

The annotated articles hold some thirty events that were cancelled or denied, too few to learn the ways to say so. These
sentences are invented; each calls off, denies, announces or tells of one meeting, or says such words of something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

from pipeline.meetings.attributes import Told
from pipeline.meetings.status import describe_status
from pipeline.meetings.view import build_view
from pipeline.schema import Analysis, Document, Span, Status
from pipeline.segment import split_sentences

_TABLE = Path(__file__).with_name("status_examples.tsv")
_MARK = re.compile(r"[\[\]]")
_PUBLISHED = date(2015, 3, 4)  # any day: the sentences give none


def status_examples() -> Iterator[tuple[Status, list[str]]]:
    """The status of each sentence and its features. Raises ValueError where no trigger stands in the brackets."""
    for line in _TABLE.read_text("utf-8").splitlines()[1:]:
        status, sentence = line.split("\t")
        spans = [
            Span(match.start() - 2 * number, match.end() - 2 * number - 2)
            for number, match in enumerate(re.finditer(r"\[[^\]]+\]", sentence))
        ]
        analysis = Analysis(Document("example", _MARK.sub("", sentence), published=_PUBLISHED))
        view = build_view(replace(analysis, sentences=split_sentences(analysis)))
        told = tuple(number for number, trigger in enumerate(view.triggers) if trigger.span in spans)
        if len(told) != len(spans):
            raise ValueError(f"{_TABLE.name}: what stands in brackets is no trigger: {sentence}")
        yield Status(status), describe_status(view, Told(told, frozenset()))

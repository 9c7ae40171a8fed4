"""How well boilerplate is told from article, and what that does for names: ``python -m benchmarks.layout GOLD_DIR``.

Prints precision, recall and F1 of boilerplate over letters and digits, the names lost in predicted boilerplate, and
the names that the tagger finds with and without layout against the annotated ones.
"""

from __future__ import annotations

import sys
from dataclasses import replace

from pipeline.evaluation.gold import GoldDocument, read_gold
from pipeline.layout import find_segments
from pipeline.run import open_tagger
from pipeline.schema import Analysis, Document, Segment, SegmentKind
from pipeline.segment import split_sentences
from pipeline.tagging import Tagger, find_mentions


def covered(segments: tuple[Segment, ...], text: str) -> set[int]:
    """The offsets of letters and digits in boilerplate."""
    spans = [segment.span for segment in segments if segment.kind is SegmentKind.BOILERPLATE]
    return {i for span in spans for i in range(span.start, span.end) if text[i].isalnum()}


def percent(part: int, whole: int) -> str:
    """A share as it is printed."""
    return f"{part / whole:.1%}" if whole else "-"


def report_layout(documents: list[GoldDocument]) -> None:
    """Print how well boilerplate is found, and how many names are lost in it."""
    right = wrong = missed = n_names = n_lost = 0
    for gold in documents:
        predicted = covered(find_segments(Analysis(Document(gold.doc_id, gold.text))), gold.text)
        wanted = covered(gold.segments, gold.text)
        right, wrong, missed = (
            right + len(predicted & wanted),
            wrong + len(predicted - wanted),
            missed + len(wanted - predicted),
        )
        n_names += len(gold.mentions)
        n_lost += sum(not predicted.isdisjoint(range(m.span.start, m.span.end)) for m in gold.mentions)
    print(f"boilerplate, letters and digits: P {percent(right, right + wrong)} R {percent(right, right + missed)}")
    print(f"names lost in it: {n_lost} of {n_names} = {percent(n_lost, n_names)}")


def report_names(documents: list[GoldDocument], tagger: Tagger, *, layout: bool) -> None:
    """Print how many annotated names the tagger finds, from the whole page or from its articles alone."""
    right = n_found = n_wanted = 0
    for gold in documents:
        analysis = Analysis(Document(gold.doc_id, gold.text))
        if layout:
            analysis = replace(analysis, segments=find_segments(analysis))
        analysis = replace(analysis, sentences=split_sentences(analysis))
        found = {(mention.span, mention.type) for mention in find_mentions([analysis], tagger)[0]}
        wanted = {(mention.span, mention.type) for mention in gold.mentions}
        right, n_found, n_wanted = right + len(found & wanted), n_found + len(found), n_wanted + len(wanted)
    f1 = percent(2 * right, n_found + n_wanted)
    print(f"names, layout {layout}: P {percent(right, n_found)} R {percent(right, n_wanted)} F1 {f1}")


def main(folder: str) -> None:
    """Print the report on a folder of annotated documents."""
    documents = read_gold(folder)
    report_layout(documents)
    tagger = open_tagger("default")
    report_names(documents, tagger, layout=False)
    report_names(documents, tagger, layout=True)


if __name__ == "__main__":
    main(sys.argv[1])

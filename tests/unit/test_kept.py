from dataclasses import replace

from pipeline.kept import kept_while_same
from pipeline.schema import Analysis, Document, Segment, SegmentKind, Span


def test_an_answer_is_made_once_and_again_where_what_it_reads_is_another() -> None:
    asked: list[str] = []

    @kept_while_same("document", "segments")
    def size(analysis: Analysis) -> int:
        """How long it is."""
        asked.append(analysis.document.text)
        return len(analysis.document.text)

    one = Analysis(Document("a", "لقاء"))
    other = Analysis(Document("b", "لقاء قمة"))
    assert [size(one), size(replace(one, sentences=())), size(other), size(one)] == [4, 4, 8, 4]
    assert asked == ["لقاء", "لقاء قمة", "لقاء"]
    cut = replace(one, segments=(Segment(Span(0, 4), SegmentKind.ARTICLE),))
    assert size(cut) == 4
    assert len(asked) == 4
    assert size.__doc__ == "How long it is."

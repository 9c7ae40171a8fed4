import html.parser
import json

import pytest
from IPython.core.formatters import HTMLFormatter
from IPython.core.interactiveshell import InteractiveShell

from pipeline.api import facts
from pipeline.display import MAX_CHARACTERS, document_html, show_in_notebooks, text_html
from pipeline.evaluation.gold import parse_annotation
from pipeline.schema import Analysis, Document
from pipeline.training.gold_analysis import as_analysis

TEXT = "التقى سامر <script>alert(1)</script> ليلى\u202e في نورس."
ANNOTATION = """E\te1\tPER\tسامر <b>
E\te2\tPER\tليلى
M\te1\tسامر
M\te2\tليلى
MEET\tmeeting\theld\t2031-04-05\t-\te1,e2\tev: التقى سامر <script>alert(1)</script> ليلى
"""


class Reader(html.parser.HTMLParser):
    """Collects tags, and the text inside marks."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.marked: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: object) -> None:  # noqa: ARG002 - HTMLParser asks for it
        self.tags.append(tag)
        if tag == "mark":
            self.marked.append("")

    def handle_endtag(self, tag: str) -> None:
        self.tags.append("/" + tag)

    def handle_data(self, data: str) -> None:
        if self.tags[-1:] == ["mark"]:
            self.marked[-1] += data


def analysis() -> Analysis:
    return as_analysis(parse_annotation("d", TEXT, ANNOTATION), upto="relations")


def test_names_are_marked_and_hostile_text_is_inert() -> None:
    shown = facts(analysis())._repr_html_()
    reader = Reader(shown)
    assert reader.marked == ["سامر", "ليلى"]
    assert not {"script", "b"} & set(reader.tags)
    assert "\u202e" not in shown
    assert 'dir="rtl"' in shown
    assert "2031-04-05" in shown


def test_facts_are_still_plain_values() -> None:
    found = facts(analysis())
    assert json.loads(json.dumps(found, ensure_ascii=False)) == dict(found)
    assert "text" not in found


def test_overlapping_names_are_marked_once_and_long_texts_cut() -> None:
    shown = text_html("سامر الوردي" + "ا" * MAX_CHARACTERS, [(0, 11, "PER"), (5, 11, "LOC"), (30_000, 30_001, "PER")])
    assert Reader(shown).marked == ["سامر الوردي"]
    assert "11 more characters" in shown


def test_a_notebook_shows_documents_and_analyses(monkeypatch: pytest.MonkeyPatch) -> None:
    formatter = HTMLFormatter()
    shell = type("Shell", (), {"display_formatter": type("D", (), {"formatters": {"text/html": formatter}})()})()
    monkeypatch.setattr("IPython.get_ipython", lambda: shell)
    show_in_notebooks()
    document = Document("d", TEXT)
    assert formatter(document) == document_html(document)
    assert Reader(str(formatter(analysis()))).marked == ["سامر", "ليلى"]


def test_without_a_notebook_nothing_happens() -> None:
    assert not InteractiveShell.initialized()
    show_in_notebooks()

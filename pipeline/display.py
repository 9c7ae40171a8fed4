"""How documents and findings show themselves in Jupyter: from right to left, names coloured, every text inert."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

from pipeline.export.cells import strip_bidi

if TYPE_CHECKING:
    from pipeline.schema import Analysis, Document

MAX_CHARACTERS = 20_000  # of a text; more makes a notebook slow, and the rest is only counted
# see-through, so that both light and dark notebooks keep their own letters; the type also stands in the title
_COLOURS = {"PER": "rgba(66,133,244,.30)", "ORG": "rgba(251,140,0,.32)", "LOC": "rgba(52,168,83,.30)"}
_BOX = "direction:rtl;text-align:right;line-height:1.9;max-height:30em;overflow:auto;white-space:pre-wrap"
_CELL = "text-align:right;vertical-align:top;padding:.2em .6em"
Name = tuple[int, int, str]


class Facts(dict[str, Any]):
    """What a text says, as plain values; in Jupyter it shows the text with its names and the meetings in a table."""

    def __init__(self, values: Mapping[str, Any], text: str) -> None:
        super().__init__(values)
        self.text = text

    def _repr_html_(self) -> str:
        names = [
            (mention["start"], mention["end"], entity["type"])
            for entity in self["entities"]
            for mention in entity["mentions"]
        ]
        name_by_id = {entity["entity_id"]: entity["name"] for entity in self["entities"]}
        rows = [
            (
                " · ".join(name_by_id.get(party["entity_id"], "") for party in meeting["parties"]),
                f"{meeting['kind']}, {meeting['status']}",
                meeting["date_from"] or "",
                name_by_id.get(meeting["place_entity_id"], ""),
                meeting["evidence"][0]["text"] if meeting["evidence"] else "",
            )
            for meeting in self["meetings"]
        ]
        return text_html(self.text, names) + _table(("who", "what", "when", "where", "evidence"), rows)


def text_html(text: str, names: Iterable[Name] = ()) -> str:
    """The text in a right-to-left box, each (start, end, type) coloured; names that overlap an earlier one are not."""
    shown = text[:MAX_CHARACTERS]
    parts: list[str] = []
    at = 0
    for start, end, kind in sorted(names):
        if at <= start < end <= len(shown):
            parts.append(_plain(shown[at:start]))
            style = f"background:{_COLOURS.get(kind, 'rgba(128,128,128,.3)')};color:inherit;border-radius:.3em"
            name = _plain(shown[start:end])
            parts.append(f'<mark style="{style};padding:0 .2em" title="{escape(kind)}">{name}</mark>')
            at = end
    parts.append(_plain(shown[at:]))
    rest = len(text) - len(shown)
    more = f'<p dir="ltr"><em>{rest:,} more characters</em></p>' if rest else ""
    return f'<div dir="rtl" lang="ar" style="{_BOX}">{"".join(parts)}</div>{more}'


def document_html(document: Document) -> str:
    """A document's id and text."""
    return f"<p><code>{_plain(document.doc_id)}</code></p>{text_html(document.text)}"


def analysis_html(analysis: Analysis) -> str:
    """An analysed document: its text with the names, and its meetings."""
    from pipeline.api import facts

    return facts(analysis)._repr_html_()


def show_in_notebooks() -> None:
    """Teach a running IPython to show documents and analyses; nothing where none runs."""
    shell = getattr(sys.modules.get("IPython"), "get_ipython", lambda: None)()
    if shell is None:
        return
    formatter = shell.display_formatter.formatters["text/html"]
    formatter.for_type_by_name("pipeline.schema", "Document", document_html)
    formatter.for_type_by_name("pipeline.schema", "Analysis", analysis_html)


def _plain(text: str) -> str:
    """Text that can neither run nor reorder what stands beside it."""
    return escape(strip_bidi(text))


def _table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["<tr>" + "".join(f'<td style="{_CELL}">{_plain(cell)}</td>' for cell in row) + "</tr>" for row in rows]
    if not lines:
        return ""
    head = "".join(f'<th style="{_CELL}">{name}</th>' for name in header)
    return f'<table dir="rtl" lang="ar"><thead><tr>{head}</tr></thead><tbody>{"".join(lines)}</tbody></table>'

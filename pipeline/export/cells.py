"""Strings made safe for the place that they go to: spreadsheets, XML, and eyes that read from right to left.

What is removed here is removed from what is shown; offsets keep pointing into the raw text.
"""

from __future__ import annotations

import re

# The characters with the Unicode property Bidi_Control: they reorder what is shown and so can spoof a name.
BIDI_CONTROLS = "\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
_BIDI = re.compile(f"[{BIDI_CONTROLS}]")
# A cell that starts so is taken for a formula by spreadsheets (OWASP, "CSV Injection"), full-width forms included.
_SIGNS = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
_FORMULA = re.compile(f"'*[{re.escape(_SIGNS)}]")
_ESCAPED = re.compile(f"'+[{re.escape(_SIGNS)}]")
_STARTS = "'" + _SIGNS  # looked at before the pattern, for hardly any cell begins so
# What XML 1.0 cannot hold, and lone surrogates, which no UTF-8 file can.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def strip_bidi(text: str) -> str:
    r"""The text without the twelve characters that control direction.

    >>> strip_bidi("abc\u202edef")
    'abcdef'
    """
    return text if text.isascii() else _BIDI.sub("", text)


def safe_cell(text: str) -> str:
    """The text as a CSV cell that no spreadsheet runs and no control character reorders.

    An apostrophe goes before what would start a formula; :func:`plain_cell` takes it away again.

    >>> safe_cell("=1+1"), safe_cell("'=1"), safe_cell("a=1")
    ("'=1+1", "''=1", 'a=1')
    """
    text = strip_bidi(text)
    return "'" + text if text[:1] in _STARTS and _FORMULA.match(text) else text


def plain_cell(cell: str) -> str:
    """The text that :func:`safe_cell` made a cell of, direction controls apart."""
    return cell[1:] if _ESCAPED.match(cell) else cell


def xml_safe(text: str) -> str:
    """The text without direction controls and without the characters that XML 1.0 cannot hold."""
    return _NOT_XML.sub("", strip_bidi(text))

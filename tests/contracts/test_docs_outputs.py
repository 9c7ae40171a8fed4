"""docs/outputs.md and docs/exports.md say what the code says: every table, column, attribute, format and limit."""

import re
from pathlib import Path

import pytest

from pipeline.export.codes import code_of
from pipeline.export.formats import FORMATS
from pipeline.export.ties import EDGE_ATTRIBUTES, NODE_ATTRIBUTES
from pipeline.lexicon import read_rows
from pipeline.tables import TABLES, Table

DOCS = Path(__file__).resolve().parents[2] / "docs"
OUTPUTS = (DOCS / "outputs.md").read_text("utf-8")
EXPORTS = (DOCS / "exports.md").read_text("utf-8")


def section(name: str) -> str:
    found = re.search(rf"^## {name}\n(.*?)(?=^## |\Z)", OUTPUTS, re.MULTILINE | re.DOTALL)
    assert found, f"docs/outputs.md has no section {name}"
    return found[1]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_is_documented_column_by_column(table: Table) -> None:
    text = section(table.name)
    rows = [line for line in text.splitlines() if line.startswith("| `")]
    meant = [
        f"| `{column.name}` | {column.type} | {column.meaning.replace('|', chr(92) + '|')} |"
        for column in table.columns
    ]
    assert rows == meant, f"copy these lines into docs/outputs.md under {table.name}:\n" + "\n".join(meant)
    assert f"One row per {table.row}." in text
    assert f"Sorted by {', '.join(f'`{name}`' for name in table.order)}." in text


def test_no_section_tells_of_a_table_that_is_not_there() -> None:
    sections = re.findall(r"^## (\w+)$", OUTPUTS, re.MULTILINE)
    assert sections == [table.name for table in TABLES]


def test_every_attribute_of_the_graph_is_documented() -> None:
    text = section("The graph")
    attributes = [*NODE_ATTRIBUTES.items(), *EDGE_ATTRIBUTES.items()]
    assert re.findall(r"^\| `(\w+)` \| (\w+) \|", text, re.MULTILINE) == attributes


def test_every_format_is_documented_with_its_limit() -> None:
    for one in FORMATS.values():
        assert f"| `{one.name}` | `{one.file}` | {one.opens_in} | {one.limit} |" in EXPORTS


def test_every_event_code_is_documented() -> None:
    for row in read_rows("event_codes"):
        assert all(code in EXPORTS for code in row["cameo"].split("|"))
        assert row["plover_event"] in EXPORTS
        assert row["plover_mode"] in EXPORTS
    assert code_of("meeting", "cancelled", sided=True) is None

"""A default extraction, in an interpreter of its own, is light: no deep-learning framework comes in with it."""

from __future__ import annotations

import json
import subprocess
import sys

HEAVY = ("torch", "transformers", "stanza", "camel_tools.ner", "pandas", "networkx", "duckdb", "sklearn")
CODE = """
import json, sys
import pipeline
found = pipeline.extract("التقى وزير الخارجية سالم الراوي في القاهرة نظيره عادل بن رستم.")
print(json.dumps([sorted(set(sys.argv[1:]) & set(sys.modules)), len(found["entities"])]))
"""


def test_a_default_extraction_imports_no_framework() -> None:
    done = subprocess.run([sys.executable, "-c", CODE, *HEAVY], capture_output=True, text=True, check=True)
    heavy, n_entities = json.loads(done.stdout)
    assert heavy == []
    assert n_entities >= 2

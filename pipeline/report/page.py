"""One HTML file from contents, style and script, under a policy that allows nothing else."""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

from pipeline import __version__

# Vendored modules in the order in which they need each other, then our own.
_OWN_SCRIPTS = ("words", "model", "dom", "canvas", "timeline", "panels", "lists", "controls", "main")


@dataclass(frozen=True, slots=True)
class VendoredScript:
    """A file from the npm registry: its package, version, licence, digests and address."""

    file: str
    package: str
    version: str
    licence: str
    package_integrity: str
    sha256: str
    source: str


@lru_cache(maxsize=1)
def vendored_scripts() -> tuple[VendoredScript, ...]:
    """The vendored files in the order in which they are loaded, from ``vendor/scripts.tsv``."""
    header, *rows = _read("vendor/scripts.tsv").splitlines()
    columns = header.split("\t")
    return tuple(VendoredScript(**dict(zip(columns, row.split("\t"), strict=True))) for row in rows)


def build_page(contents_json: str) -> str:
    """The whole page. The policy admits its one script and one style by their digests, and no request at all."""
    style = _read("static/report.css")
    script = build_script()
    values = {
        "policy": policy(script, style),
        "generator": f"liqa {__version__}",
        "style": style,
        "contents": inert_json(contents_json),
        "script": script,
    }
    page = _read("static/template.html")
    parts = []
    for name, value in values.items():
        before, page = page.split("{{" + name + "}}")
        parts += [before, value]
    return "".join([*parts, page])


def build_script() -> str:
    """The vendored modules and our own script, in strict mode and hidden from the page's globals."""
    vendored = "\n".join(_read(f"vendor/{script.file}") for script in vendored_scripts())
    own = "\n".join(_read(f"static/{name}.js") for name in _OWN_SCRIPTS)
    return f'{vendored}\n(() => {{\n"use strict";\nconst d3 = globalThis.d3;\n{own}\n}})();\n'


def policy(script: str, style: str) -> str:
    """A Content-Security-Policy that forbids every request and every script and style but these."""
    allowed = [
        "default-src 'none'",
        f"script-src '{_digest(script)}'",
        f"style-src '{_digest(style)}'",
        "img-src 'none'",
        "connect-src 'none'",
        "base-uri 'none'",
        "form-action 'none'",
    ]
    return "; ".join(allowed)


def inert_json(text: str) -> str:
    r"""JSON that can stand inside a script element: no character in it can end the element or begin another.

    >>> inert_json('["</script>"]')
    '["\\u003c/script\\u003e"]'
    """
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


def _read(name: str) -> str:
    return files("pipeline.report").joinpath(name).read_text(encoding="utf-8")

"""Every form of a title head of ``lexicons/title_heads.tsv``: with proclitics, article, pronoun and case endings."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from types import MappingProxyType
from typing import Literal

from pipeline.lexicon import read_rows
from pipeline.normalize import fold

_ARTICLE = "ال"


@dataclass(frozen=True, slots=True)
class TitleHead:
    """The first word of a title as it stands: ``lemma`` is its form without article, in its own gender and singular.

    ``prefix`` holds the proclitics, ``suffixed`` tells of a pronoun (نظيره), ``accusative`` of the ending of a
    predicate (عين رئيسا).
    """

    lemma: str
    category: str
    number: Literal["singular", "dual", "plural"]
    prefix: str = ""
    definite: bool = False
    suffixed: bool = False
    accusative: bool = False


@cache
def title_heads(folded: Callable[[str], str] = fold) -> Mapping[str, TitleHead]:
    """Every form of a title head, ``folded``, with and without proclitics, article and pronoun, to what it is.

    A plain word wins over a reading that splits off a proclitic (ولي is no و with لي).
    """
    plain: dict[str, TitleHead] = {}
    for lemma, category, number, form in _head_forms():
        plain.setdefault(folded(form), TitleHead(lemma, category, number))
        if number == "singular" and not form.endswith("ة"):
            plain.setdefault(folded(form + "ا"), TitleHead(lemma, category, number, accusative=True))
    found = dict(plain)
    for form, head in plain.items():
        for prefix in ("", "و", "ف"):
            for preposition in ("", "ب", "ل", "ك"):
                if prefix + preposition:
                    found.setdefault(prefix + preposition + form, replace(head, prefix=prefix + preposition))
                if not head.accusative:
                    article = prefix + ("لل" if preposition == "ل" else preposition + _ARTICLE)
                    found.setdefault(article + form, replace(head, prefix=prefix + preposition, definite=True))
    for form, head in suffixed_heads(folded).items():
        found.setdefault(form, head)  # after the feminines: folded, ورئيسة (and a president) is ورئيسه (and his)
    return MappingProxyType(found)


@cache
def suffixed_heads(folded: Callable[[str], str]) -> Mapping[str, TitleHead]:
    """Title head with a pronoun, ``folded``, (نائبه، وزيرها) to what it is; folding makes some look like feminines."""
    found: dict[str, TitleHead] = {}
    for lemma, category, number, form in _head_forms():
        head = TitleHead(lemma, category, number, definite=True, suffixed=True)
        for stem in _stems(form):
            for pronoun in _PRONOUNS:
                for prefix in ("", "و", "ل", "ب", "ول", "وب"):
                    found.setdefault(prefix + folded(stem + pronoun), replace(head, prefix=prefix))
    return MappingProxyType(found)


def _stems(form: str) -> tuple[str, ...]:
    """A form before a pronoun, in its cases: نائبت, نظراء and نظرائ and نظراؤ."""
    if form.endswith("ة"):
        return (form[:-1] + "ت",)
    return (form, form[:-1] + "ئ", form[:-1] + "ؤ") if form.endswith("اء") else (form,)


def _head_forms() -> Iterator[tuple[str, str, Literal["singular", "dual", "plural"], str]]:
    for row in read_rows("title_heads"):
        lemma = row["singular"].split("|")[0]
        for column, number in _NUMBERS:
            for form in filter(None, row[column].split("|")):
                yield lemma, row["category"], number, form


_NUMBERS: tuple[tuple[str, Literal["singular", "dual", "plural"]], ...] = (
    ("singular", "singular"),
    ("dual", "dual"),
    ("plural", "plural"),
)
_PRONOUNS = ("ه", "ها", "هم", "هما")

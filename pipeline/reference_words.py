"""Words that stand for whoever was spoken of, in all their forms, by ``lexicons/reference_words.tsv``."""

from __future__ import annotations

from functools import cache

from pipeline.folded import fold_word
from pipeline.gazetteer import read_groups, title_heads
from pipeline.units import Unit, split_word


@cache
def courtesies() -> frozenset[str]:
    """سموه, جلالته with the proclitics that may precede them."""
    forms = read_groups("reference_words", "courtesy")
    return frozenset(prefix + form for form in forms for prefix in ("", "و", "ل", "ب", "ول", "وب"))


@cache
def latters() -> frozenset[str]:
    """الأخير, والأخيرة, للأخير: the one of several who was named last."""
    forms = read_groups("reference_words", "latter")
    return frozenset(prefix + form for form in forms for prefix in ("", "و", "ب")) | {f"لل{f[2:]}" for f in forms}


def is_described(before: Unit) -> bool:
    """Whether a definite word after the unit may be its adjective (اللقاء الأخير), or makes an adverb (في الأخير)."""
    return not before.folded or before.folded in ("في", "وفي") or split_word(before.folded).definite


@cache
def first_persons() -> frozenset[str]:
    """التقيت, لقائي: words of meeting in which the speaker tells of himself."""
    return read_groups("reference_words", "first_person", fold_word)


@cache
def duals() -> frozenset[str]:
    """الجانبان, الزعيمان and their like, with article and the proclitics that may precede it."""
    forms = read_groups("reference_words", "both")
    heads = {form for form, head in title_heads().items() if head.number == "dual" and not head.prefix}
    plain = forms | {form for form in heads if form.startswith("ال")}
    return frozenset(prefix + form for form in plain for prefix in ("", "و", "ب", "وب")) | {
        prefix + "لل" + form[2:] for form in plain for prefix in ("", "و")
    }

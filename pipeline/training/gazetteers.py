"""The gazetteer files as the tagger's name lists; see ``pipeline/lexicons`` and its sources."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path

from pipeline.errors import InputError
from pipeline.taggers.inputs import Gazetteer, gazetteer_form

Row = dict[str, str]

_ORG_HEADS = (
    "وزارة منظمة حزب حركة جماعة جمعية جامعة شركة وكالة مجلس محكمة هيئة مؤسسة اتحاد لجنة بنك مصرف نادي "
    "منتخب جيش حكومة برلمان صحيفة قناة شبكة معهد مركز كلية نقابة رابطة جبهة تنظيم كتائب لواء قوات شرطة "
    "سفارة قنصلية ديوان صندوق مجموعة تيار ائتلاف تحالف"
)
_PLACE_HEADS = (
    "مدينة محافظة ولاية منطقة إقليم بلدة قرية جزيرة بحر نهر جبل شارع حي ميناء مطار قصر معبر مخيم قضاء "
    "جمهورية مملكة دولة إمارة سلطنة شمال جنوب شرق غرب وسط خليج محيط صحراء وادي ميدان ساحة مضيق عاصمة"
)


def rows(folder: Path, name: str) -> Iterator[Row]:
    """The rows of one gazetteer file as dictionaries of its header."""
    path = folder / f"{name}.tsv"
    if not path.exists():
        raise InputError(f"{path}: no such gazetteer; point --gazetteers at the folder that holds the name lists")
    with path.open(encoding="utf-8", newline="") as stream:
        yield from csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE)


def _names(folder: Path, name: str, column: str = "name_ar", keep: Callable[[Row], bool] | None = None) -> set[str]:
    return {
        " ".join(gazetteer_form(row[column]).split())
        for row in rows(folder, name)
        if row.get(column) and (keep is None or keep(row))
    }


def _nisbas(folder: Path) -> set[str]:
    columns = ("nisba_m_sg", "nisba_f_sg", "nisba_m_pl_nom", "nisba_m_pl_obl", "nisba_f_pl", "plural_collective")
    forms = {row[c] for row in rows(folder, "nationality_adjectives") for c in columns if row[c]}
    bare = {gazetteer_form(form) for form in forms if " " not in form}
    return bare | {"ال" + form for form in bare}


def _titles(folder: Path) -> tuple[set[str], set[str]]:
    whole: set[str] = set()
    for row in rows(folder, "titles_roles"):
        whole.update(gazetteer_form(row[c]) for c in ("title_m", "title_f", "plural") if row[c])
    heads = {title.split()[0] for title in whole}
    words = {word for title in whole for word in title.split()[1:]}
    return heads | {"ال" + head for head in heads if not head.startswith("ال")}, words


def name_lists(folder: Path) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The span lists and the word lists of :class:`Gazetteer`, folded, from a folder of gazetteer files."""
    public = _names(folder, "persons_public") | _names(folder, "officeholder_names")
    variants = _names(folder, "person_name_variants", "name_ar_norm")
    places = _names(folder, "country_names") | _names(folder, "world_regions") | _names(folder, "places_core")
    places |= _names(folder, "cldr_timezone_cities")
    extended = _names(folder, "places_extended", keep=lambda row: not row["common_word"]) | _names(folder, "admin1")
    organisations = _names(folder, "organisations") | _names(folder, "organisations", "acronym_en")
    given = _names(folder, "given_names_core") | {
        gazetteer_form(v) for row in rows(folder, "given_names_core") for v in row["spelling_variants"].split("|") if v
    }
    heads, title_words = _titles(folder)
    portfolio = {word for name in _names(folder, "ministry_portfolios", "portfolio_ar") for word in name.split()}
    times = {word for name in _names(folder, "temporal_numeric", "expression_ar") for word in name.split()}
    spans = {
        "person": {n for n in public | variants if " " in n or n in public},
        "place": places,
        "place_extended": extended - places,
        "organisation": organisations,
    }
    words = {
        "given": given,
        "person_word": {w for n in public | variants for w in n.split() if len(w) > 2},
        "foreign_name": {n for n in _names(folder, "name_transliterations") if len(n) > 2},
        "nisba": _nisbas(folder),
        "title": heads,
        "title_word": title_words,
        "portfolio": portfolio,
        "particle": _names(folder, "name_particles", "particle_ar"),
        "time": times,
        "place_word": {gazetteer_form(w) for w in _PLACE_HEADS.split()},
        "org_word": {gazetteer_form(w) for w in _ORG_HEADS.split()},
    }
    return spans, words


def load_gazetteer(folder: Path) -> Gazetteer:
    """The gazetteer of a folder of name files."""
    return Gazetteer(*name_lists(folder))

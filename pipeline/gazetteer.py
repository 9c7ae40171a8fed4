"""Names of countries, nationalities, places, offices and well-known bodies, read once from ``lexicons/*.tsv``.

Every table is loaded on first use, folded, cached and read-only. Stages share this module; it knows no document.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal

from pipeline.errors import ConfigError
from pipeline.folded import fold_word
from pipeline.lexicon import read_rows as read_rows
from pipeline.normalize import fold, normalize
from pipeline.title_forms import TitleHead as TitleHead
from pipeline.title_forms import suffixed_heads as suffixed_heads
from pipeline.title_forms import title_heads as title_heads

LEXICONS = Path(__file__).parent / "lexicons"
_ARTICLE = "ال"
_PREFIXES = ("وبال", "وكال", "فال", "وال", "بال", "كال", "ولل", "لل", "ال")


@dataclass(frozen=True, slots=True)
class Country:
    """A country or territory: its ISO 3166-1 alpha-2 code and, where a source states it, its Wikidata item."""

    iso: str
    wikidata_id: str | None


@dataclass(frozen=True, slots=True)
class Nisba:
    """A nationality adjective: whose it is, and whether the word also means something else.

    ``iso`` is None for regions, blocs, religions and peoples without a state, and where two countries share the word.
    """

    iso: str | None
    kind: str
    place: str
    ambiguous: bool
    number: Literal["singular", "plural"]


def fold_name(name: str) -> str:
    """The key that names are compared by: folded words, joined by one space.

    >>> fold_name("أبو ظبي") == fold_name("ابو  ظبى")
    True
    """
    return fold(name)


def strip_article(word: str) -> str:
    """The folded word without its leading article, where at least two letters are left.

    >>> strip_article("البرهان")
    'برهان'
    """
    return word[2:] if word.startswith(_ARTICLE) and len(word) > 3 else word


@cache
def countries() -> Mapping[str, Country]:
    """Folded country name to country; a name that two countries share is left out."""
    found: dict[str, Country] = {}
    shared: set[str] = set()
    wikidata = {row["country_iso2"]: row["wikidata_id"] for row in read_rows("country_names") if row["wikidata_id"]}
    for row in read_rows("country_names"):
        key, iso = fold_name(row["name_ar"]), row["country_iso2"]
        for form in {key, strip_article(key)}:
            if form in found and found[form].iso != iso:
                shared.add(form)
            found.setdefault(form, Country(iso, wikidata.get(iso)))
    for row in read_rows("country_aliases"):
        iso = row["country_iso2"]
        found[fold_name(row["name_ar"])] = Country(iso, wikidata.get(iso))
    return MappingProxyType({key: country for key, country in found.items() if key not in shared})


@lru_cache(maxsize=30_000)  # a cache without bounds would grow with the corpus
def find_country(name: str) -> Country | None:
    """The country that ``name`` surely names: by any of its names, with or without a state's head noun.

    A capital is not its country. ``الجمهورية`` or ``المملكة`` with a nationality adjective names the country.

    >>> find_country("جمهورية تركيا").iso
    'TR'
    >>> find_country("أنقرة") is None
    True
    """
    key = fold_name(name)
    found = countries().get(key) or countries().get(strip_article(key))
    if found is not None:
        return found
    words = key.split()
    if len(words) < 2:
        return None
    if strip_article(words[0]) in words_of("state_head"):
        rest = " ".join(words[1:])
        found = countries().get(rest)
        if found is not None:
            return found
        nisba = find_nisba(words[1]) if len(words) <= 3 else None
        if nisba is not None and nisba.iso and nisba.kind == "country":
            return next((c for c in countries().values() if c.iso == nisba.iso), None)
    return None


def is_place(name: str) -> bool:
    """Whether the lists hold the name as that of a place or a country.

    >>> is_place("أنقرة"), is_place("تركيا"), is_place("سروان")
    (True, True, False)
    """
    return fold_name(name) in places() or find_country(name) is not None


def _nisba_forms(row: Mapping[str, str]) -> Iterator[tuple[str, Literal["singular", "plural"]]]:
    for column in ("nisba_m_sg", "nisba_f_sg"):
        if row[column]:
            yield row[column], "singular"
            stem = row[column].removesuffix("ة") + ("ت" if column == "nisba_f_sg" else "")
            yield stem + "ان", "plural"
            yield stem + "ين", "plural"
    for column in ("nisba_m_pl_nom", "nisba_m_pl_obl", "nisba_f_pl", "plural_collective"):
        if row[column]:
            yield row[column], "plural"


@cache
def nisbas() -> Mapping[str, Nisba]:
    """Nationality adjective, folded either way, without article, to what it names; the preferred reading wins."""
    found: dict[str, Nisba] = {}
    rows = sorted(
        read_rows("nationality_adjectives"), key=lambda row: (row["type"] != "country", row["preferred"] != "1")
    )
    for row in rows:
        iso = row["country_iso2"] or None
        for form, number in _nisba_forms(row):
            for key in (fold_name(form), fold_word(form)):
                known = found.get(key)
                if known is None:
                    found[key] = Nisba(iso, row["type"], row["place_ar"], bool(row["ambiguity"]), number)
                elif known.kind == row["type"] == "country" and known.iso != iso:
                    found[key] = Nisba(None, "country", known.place, True, known.number)
    return MappingProxyType(found)


@lru_cache(maxsize=30_000)  # as above
def find_nisba(word: str) -> Nisba | None:
    """The nationality adjective that a folded word is, with or without article and proclitic.

    >>> find_nisba("والبيلاروسي").iso
    'BY'
    """
    known = nisbas()
    for prefix in _PREFIXES:
        if word.startswith(prefix) and word[len(prefix) :] in known:
            return known[word[len(prefix) :]]
    return known.get(word)


@cache
def read_spellings(table: str, group: str) -> frozenset[str]:
    """The words of one ``group`` of a lexicon as a tagger sees them: normalised, but على and علي stay apart."""
    found = frozenset(normalize(row["word"]) for row in read_rows(table) if row["group"] == group)
    if not found:
        raise ConfigError(f"lexicons/{table}.tsv: no words of group {group!r}; mend the file")
    return found


@cache
def read_groups(table: str, group: str, folded: Callable[[str], str] = fold) -> frozenset[str]:
    """The words of one ``group`` of a lexicon with the columns ``word`` and ``group``, ``folded``."""
    return frozenset(map(folded, read_spellings(table, group)))


def words_of(group: str) -> frozenset[str]:
    """The folded words of one group of ``lexicons/title_words.tsv``, such as ``former`` or ``honorific``."""
    return read_groups("title_words", group)


@cache
def places() -> Mapping[str, tuple[str, str, str | None]]:
    """Folded place name to (type, ISO code of its country, Wikidata item) for the best-known places."""
    found: dict[str, tuple[str, str, str | None]] = {}
    for row in read_rows("places_core"):
        found.setdefault(fold_name(row["name_ar"]), (row["type"], row["country_iso2"], row["wikidata_id"] or None))
    return MappingProxyType(found)


@cache
def vocalised_places() -> Mapping[str, str]:
    """Place names that their marks alone tell from a country's name, as written with them, to their Wikidata item."""
    return MappingProxyType({row["name_ar"]: row["wikidata_id"] for row in read_rows("vocalised_places")})


@cache
def known_ids(kind: Literal["PER", "ORG", "LOC"]) -> Mapping[str, str]:
    """Folded full name to Wikidata item, for public persons, organisations or places; shared names are left out."""
    table = {"PER": "persons_public", "ORG": "organisations", "LOC": "places_core"}[kind]
    ids: dict[str, set[str]] = {}
    for row in read_rows(table):
        if row["wikidata_id"]:
            ids.setdefault(fold_name(row["name_ar"]), set()).add(row["wikidata_id"])
    return MappingProxyType({key: next(iter(values)) for key, values in ids.items() if len(values) == 1})


@cache
def given_names() -> Mapping[str, str]:
    """Folded given name to the name it is a spelling of, itself for a headword."""
    found: dict[str, str] = {}
    for row in read_rows("given_names_core"):
        head = fold_name(row["name_ar"])
        for form in (row["name_ar"], *row["spelling_variants"].split("|")):
            if form:
                found.setdefault(fold_name(form), head)
    return MappingProxyType(found)


@cache
def person_countries() -> Mapping[str, str]:
    """Folded name of a public person to the ISO code of the country whose offices they hold or held.

    Family names alone count where the gazetteer lists them as such and one country bears them.
    """
    found: dict[str, set[str]] = {}
    for row in read_rows("persons_public"):
        if row["country_iso2"]:
            found.setdefault(fold_name(row["name_ar"]), set()).add(row["country_iso2"])
    return MappingProxyType({key: next(iter(values)) for key, values in found.items() if len(values) == 1})


@cache
def _ruling_families() -> Mapping[str, str]:
    return MappingProxyType({fold_name(row["name_ar"]): row["country_iso2"] for row in read_rows("ruling_families")})


@lru_cache(maxsize=1 << 12)
def person_country(name: str) -> str | None:
    """The country whose offices the bearer of a full name holds: of a public person or of a ruling family.

    A name that goes on with forefathers is known by what stands before them.

    >>> person_country("محمد بن سلمان بن عبد العزيز")
    'SA'
    """
    words = fold_name(name).split()
    for end in range(len(words), 0, -1):
        if end == len(words) or (end > 1 and words[end] in _FOREFATHERS):
            iso = person_countries().get(" ".join(words[:end]))
            if iso is not None:
                return iso
    families = _ruling_families()
    return (families.get(" ".join(words[-2:])) or families.get(words[-1])) if len(words) > 2 else None


_FOREFATHERS = frozenset({"بن", "ابن", "بنت", "ال"})

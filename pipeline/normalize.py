"""String to string: ``normalize`` takes noise out and is what taggers see; ``fold`` only compares names.

Both work on one token or one name, never on a text that offsets point into. Letters are merged by
``camel_tools.utils.normalize``, which imports neither torch nor a model. Its ``dediac`` would take vowel signs out too,
but asks every character of Unicode for its category at each start, longer than all the rest of a start takes.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from camel_tools.utils.normalize import (
    normalize_alef_ar,
    normalize_alef_maksura_ar,
    normalize_teh_marbuta_ar,
)

TATWEEL = "\u0640"
MARKS = (
    "\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc\u06df-\u06e4"
    "\u06e7\u06e8\u06ea-\u06ed\u0898-\u089f\u08ca-\u08e1\u08e3-\u08ff"
)
"""Arabic vowel signs, Quranic marks and combining hamzas, as the inside of a character class."""
SPACING_MARKS = "\ufe70-\ufe7f\ufc5e-\ufc63"
"""Presentation forms of vowel signs, which compatibility decomposition would turn into a blank and a mark."""
INVISIBLE = (
    "\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f"
    "\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff"
)
"""Control, format and bidirectional characters, joiners, byte-order marks and variation selectors."""

_CACHE_SIZE = 1 << 15  # distinct tokens; about 5 MB when full
_MAX_CACHED = 64  # code points; longer strings are seldom seen twice
_PLAIN = re.compile(r"[\u0621-\u063a\u0641-\u064a!-~]+").fullmatch
_HAMZA_MARKS = "\u0653-\u0655"  # may still join their carrier under composition, so they go last
_NOISE = re.compile(f"[{MARKS}{SPACING_MARKS}{INVISIBLE}{TATWEEL}]")
_EARLY_NOISE = re.compile(f"(?![{_HAMZA_MARKS}]){_NOISE.pattern}")
_DASH = re.compile(rf"(?<!\S){TATWEEL}+(?!\S)")
# Characters whose compatibility form holds a blank (salutation ligatures, spacing accents): they stay as they are,
# so that the normalised form of a token never falls into several words.
_WHOLE = re.compile(
    "([\u00a8\u00af\u00b4\u00b8\u02d8-\u02dd\u037a\u0384\u0385\u1fbd\u1fbf-\u1fc1\u1fcd-\u1fcf\u1fdd-\u1fdf"
    "\u1fed\u1fee\u1ffd\u1ffe\u2017\u203e\u309b\u309c\ufdfa\ufdfb\ufdfd\ufe49-\ufe4c\uffe3])"
)
# Persian and Urdu letters typed for their Arabic twins, alef with wasla, Arabic number signs; digits are added below.
_TWINS = str.maketrans("\u06cc\u06a9\u06be\u06c1\u06d2\u0671\u066a\u066b\u066c", "يكههيا%.,")
_TWINS.update(str.maketrans("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹", "0123456789" * 2))

_FOLD_LETTERS: dict[int, str] = str.maketrans(
    {"ؤ": "و", "ئ": "ي", "ء": "", "پ": "ب", "چ": "ج", "ژ": "ز", "ڤ": "ف", "گ": "ك", "ڨ": "ق"}
)
_SEATED_HAMZA = re.compile("[ؤئ]و")  # شؤون and شئون, مسؤول and مسئول
_REPEATED_VOWEL = re.compile("([اوي])\\1+")  # داوود and داود
_ELONGATED = re.compile(r"(\D)\1{2,}")
_NOT_WORD = re.compile(r"[\W_]+")
_SERVANT = re.compile(r"\bعبد ال")  # عبد الله and عبدالله
_LETTERS_ONLY = re.compile(r"[\u0621-\u063a\u0641-\u064a ]*").fullmatch
_FOLD_PLAIN = _FOLD_LETTERS | {ord(a): b for a, b in zip("أإآىة", "ااايه", strict=True)}


def normalize(string: str) -> str:
    """``string`` without noise: what a tagger sees of a token.

    Gone are vowel signs, tatweel, invisible and bidirectional characters. Presentation forms and Persian twins become
    ordinary letters, Arabic-Indic digits and number signs become ASCII, runs of white space one blank. Hamzas, alef
    maqsura and ta marbuta stay. A tatweel that stands alone is a dash. The result may be empty; a string without
    white space gives one without white space.

    >>> normalize("مُحَمَّــد"), normalize("ﻻ"), normalize("٢٠٢٥"), normalize("ـ")
    ('محمد', 'لا', '2025', '-')
    """
    return _normalized(string) if len(string) <= _MAX_CACHED else _normalized.__wrapped__(string)


@lru_cache(maxsize=_CACHE_SIZE)
def _normalized(string: str) -> str:
    if _PLAIN(string):
        return string
    before = ""
    while before != string:  # a removed mark may bring together what composition joins; two or three turns at most
        before, string = string, _once(string)
    return string


def _once(string: str) -> str:
    string = _EARLY_NOISE.sub("", _DASH.sub("-", string))
    string = "".join(
        part if _WHOLE.match(part) else unicodedata.normalize("NFKC", part) for part in _WHOLE.split(string)
    )
    string = _NOISE.sub("", string).translate(_TWINS)
    return " ".join(string.split())


def fold(string: str) -> str:
    """``string`` with its spelling variants merged, only to compare names with.

    On top of :func:`normalize`: hamza carriers, alef maqsura and ya, ta marbuta and ha, doubled vowel letters,
    letters for foreign sounds, Latin case and accents, punctuation, and the blank after ``عبد``.

    >>> fold("عبد الله مسؤول") == fold("عبدالله مسئول"), fold("إسكندرية") == fold("اسكندريه")
    (True, True)
    """
    return _folded(string) if len(string) <= _MAX_CACHED else _folded.__wrapped__(string)


@lru_cache(maxsize=_CACHE_SIZE)
def _folded(string: str) -> str:
    string = normalize(string)
    if _LETTERS_ONLY(string):  # nothing to decompose; most names, and there are many to fold at each start
        return _shortened(_SEATED_HAMZA.sub("و", string).translate(_FOLD_PLAIN))
    return _shortened(_folded_letters(string))


def _folded_letters(string: str) -> str:
    decomposed = unicodedata.normalize(
        "NFKD", _SEATED_HAMZA.sub("و", normalize_alef_ar(string)).translate(_FOLD_LETTERS)
    )
    string = "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()
    return _NOT_WORD.sub(" ", normalize_teh_marbuta_ar(normalize_alef_maksura_ar(string)))


def _shortened(string: str) -> str:
    string = _ELONGATED.sub(r"\1", _REPEATED_VOWEL.sub(r"\1", string))
    return _SERVANT.sub("عبدال", " ".join(string.split()))

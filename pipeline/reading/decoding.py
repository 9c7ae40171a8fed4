"""Bytes to text: which encoding, and whether the result is Arabic.

Offsets elsewhere count code points of the decoded text, so nothing is replaced or dropped: what does not decode in
full is refused with its reason. A UTF-8 byte-order mark stays in the text as its first code point, as in
``bytes.decode("utf-8")``; a UTF-16 or UTF-32 mark only tells the byte order.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter

from pipeline.errors import InputError

MIN_ARABIC_SHARE = 0.25
"""Least share of Arabic letters among all letters; news pages with English menus stay well above it."""
_MIN_LETTERS_FOR_SHARES = 100
_MAX_FOREIGN_SHARE = 0.015  # Persian and Urdu have 2 % or more of their own letters, Arabic news seldom above 0.2 %
_MIN_TA_MARBUTA_SHARE = 0.003  # Arabic news has about 4 %, Persian and Urdu next to none
_MAX_MOJIBAKE_SHARE = 0.25  # of ط and ظ, which UTF-8 lead bytes become when read as windows-1256; 1 % in Arabic
_MAX_CONTROL_SHARE = 0.01  # a stray null at the end of a page is common
_SAMPLE = 1 << 16

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SINGLE_BYTE = ("cp1256", "iso8859_6")
_NAMES = {"cp1256": "windows-1256", "iso8859_6": "iso-8859-6"}
_ARABIC = "\u0620-\u063f\u0641-\u064a\u0671-\u06d3\u06fa-\u06ff\u0750-\u077f\u08a0-\u08c9\ufb50-\ufdff\ufe80-\ufefc"
_ARABIC_LETTER = re.compile(f"[{_ARABIC}]")
_LETTER = re.compile(r"[^\W\d_]")
_FOREIGN_LETTERS = "\u067e\u0686\u0698\u06af\u0679\u0688\u0691\u06d2\u06ba\u06be"
_MIXED_WORD = re.compile(f"[{_ARABIC}][^\\W\\d_{_ARABIC}]|[^\\W\\d_{_ARABIC}][{_ARABIC}]|[\u0080-\u00bf\u00d7\u00f7]")
_STRAY_MARK = re.compile(
    f"(?<![{_ARABIC}\u064b-\u0652])[\u064b-\u0652]|[\u064b-\u064d](?=[\u0621-\u0626\u0628-\u064a])"
)
_ARTICLE = re.compile(r"(?<!\w)[وبفك]?ال\w")
_UTF8_PAIR = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_HIGH = re.compile(rb"[\x80-\xff]")


def decode(raw: bytes) -> tuple[str, str]:
    """The text and the name of its encoding; :class:`InputError` tells why there is none.

    >>> decode("قال".encode("utf-8"))
    ('قال', 'utf-8')
    """
    encoding = detect(raw)
    return decode_as(raw, encoding), encoding


def decode_as(raw: bytes, encoding: str) -> str:
    """``raw`` as text in an encoding that :func:`detect` named, without loss."""
    try:
        return raw.decode("utf-8" if encoding == "utf-8-sig" else encoding)
    except UnicodeDecodeError as error:
        raise InputError(f"undecodable: byte {error.start} is not {encoding}; save the text as UTF-8") from error


def detect(raw: bytes, *, whole: bool = True) -> str:
    """The encoding of ``raw``, or of the text that it begins where ``whole`` is false.

    Marks decide first, then strict UTF-8, then the byte patterns of unmarked UTF-16, then whichever of windows-1256,
    ISO-8859-6 and charset-normalizer's guess reads most like Arabic.
    Many null or control bytes without UTF-16 mean a binary file.
    """
    for mark, encoding in _BYTE_ORDER_MARKS:
        if raw.startswith(mark):
            return encoding
    sample = raw[:_SAMPLE]
    if encoding16 := _unmarked_utf16(sample):
        return encoding16
    if len(_CONTROL.findall(sample)) > _MAX_CONTROL_SHARE * len(sample) + 1:
        raise InputError("binary: null or control bytes in it; give the text as a .txt file")
    if _is_utf8(raw, whole=whole):
        return "utf-8"
    n_high = len(_HIGH.findall(sample))
    n_paired = sum(len(pair) for pair in _UTF8_PAIR.findall(sample))
    if n_paired > 0.8 * n_high:
        raise InputError("undecodable: damaged UTF-8; save the text as UTF-8 again")
    return _single_byte(sample)


def _is_utf8(raw: bytes, *, whole: bool) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(raw, final=whole)
    except UnicodeDecodeError:
        return False
    return True


def _unmarked_utf16(sample: bytes) -> str | None:
    """Arabic in UTF-16 has the byte 06 at every second place, on the same side as the nulls of its blanks."""
    for side, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        high = sample[side::2]
        if len(high) > 1 and high.count(6) > 0.3 * len(high) and high.count(6) + high.count(0) > 0.8 * len(high):
            return encoding
    return None


def _single_byte(sample: bytes) -> str:
    """The single-byte encoding that reads most like Arabic."""
    candidates = [*_SINGLE_BYTE, *_guesses(sample)]
    best = max(candidates, key=lambda encoding: _likeness(sample, encoding))
    if _likeness(sample, best) < MIN_ARABIC_SHARE:
        raise InputError("undecodable: no known encoding reads as Arabic; save the text as UTF-8")
    return _NAMES.get(best, best)


def _guesses(sample: bytes) -> tuple[str, ...]:
    """charset-normalizer's best guess, imported only when a text is not Unicode."""
    from charset_normalizer import from_bytes

    guess = from_bytes(sample, threshold=0.4).best()
    return (guess.encoding,) if guess is not None and guess.encoding not in _SINGLE_BYTE else ()


def _likeness(sample: bytes, encoding: str) -> float:
    """How much a decoding reads like Arabic: letters and articles count for it, mixed words and stray marks against."""
    try:
        text = sample.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return -1.0
    n_letters = len(_LETTER.findall(text)) or 1
    n_against = len(_MIXED_WORD.findall(text)) + len(_STRAY_MARK.findall(text))
    return (len(_ARABIC_LETTER.findall(text)) + 3 * len(_ARTICLE.findall(text)) - 3 * n_against) / n_letters


def check_text(text: str) -> None:
    """Nothing where ``text`` can be analysed; otherwise :class:`InputError` says why not and what to do."""
    counts = Counter(text)
    if not any(char not in "\ufeff" and not char.isspace() for char in counts):
        raise InputError("empty: no text in it; remove it or fill it")
    n_controls = sum(n for char, n in counts.items() if char < " " and not char.isspace())
    if n_controls > _MAX_CONTROL_SHARE * len(text) + 1:
        raise InputError("binary: null or control characters in it; give the text as a .txt file")
    if any("\ud800" <= char <= "\udfff" for char in counts):
        raise InputError("undecodable: half of a character pair in it; write the text anew")
    n_letters = sum(n for char, n in counts.items() if char.isalpha())
    n_arabic = sum(n for char, n in counts.items() if _ARABIC_LETTER.match(char))
    if not n_letters or n_arabic < MIN_ARABIC_SHARE * n_letters:
        raise InputError(f"not Arabic: {n_arabic} of {n_letters} letters are; leave it out")
    if n_letters < _MIN_LETTERS_FOR_SHARES:
        return
    if counts["ط"] + counts["ظ"] > _MAX_MOJIBAKE_SHARE * n_letters:
        raise InputError("undecodable: UTF-8 that was read as windows-1256 and saved; fetch the text again")
    n_foreign = sum(counts[char] for char in _FOREIGN_LETTERS)
    if n_foreign > _MAX_FOREIGN_SHARE * n_letters and counts["ة"] < _MIN_TA_MARBUTA_SHARE * n_letters:
        raise InputError("not Arabic: letters of Persian, Urdu or a like language; leave it out")

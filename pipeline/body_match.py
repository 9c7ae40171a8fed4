"""How two names of bodies compare: the same, a spelling variant, a short form, or different.

Names are folded and taken apart into words without articles (:func:`pipeline.name_match.name_words`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from pipeline.gazetteer import find_country, find_nisba, strip_article, words_of
from pipeline.name_match import is_subsequence, known_items, name_keys
from pipeline.word_match import similar_words


def body_keys(words: Sequence[str]) -> frozenset[str]:
    """What names of bodies are found by: two that :func:`compare_bodies` gives any score share one."""
    known = known_items("ORG").get(tuple(words))
    return name_keys(words) | {known} if known else name_keys(words)


@lru_cache(maxsize=1 << 14)
def compare_bodies(short: tuple[str, ...], full: tuple[str, ...]) -> tuple[int, str]:
    """How well ``short`` names the body that ``full`` names (0: not at all), and the reason; words without articles."""
    if short == full or "".join(short) == "".join(full):
        return 9, "same name"
    known = known_items("ORG").get(short)
    if known is not None and known == known_items("ORG").get(full):
        return 8, "known by both names"
    if len(short) == len(full):
        return (8, "spelling variant") if all(map(similar_words, short, full)) else (0, "")
    if len(short) > len(full):
        short, full = full, short
    if _is_another_body(short, full) or is_organ(full, short):
        return 0, ""
    heads = words_of("body_head")
    if full[0] in heads and full[1:] == short:
        return 7, "without its head noun"
    if full[: len(short)] == short and (len(short) > 1 or short[0] not in words_of("generic_body")):
        return 6, "shortened name"
    if _is_tied_shorter(short, full):
        return 5, "shortened name"
    if len(short) > 1 and short[0] == full[0] and is_subsequence(short, full):
        part = any(word.startswith("ل") and strip_article(word[1:]) == full[0] for word in full[1:])
        return (0, "") if part else (5, "shortened name")
    if full[0] in heads and full[1 : 1 + len(short)] == short:
        return 4, "without its head noun"
    return 0, ""


def _is_tied_shorter(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether the purpose that ل gives the full name stands right after the noun in the short one.

    >>> _is_tied_shorter(("اتحاد", "شغل"), ("اتحاد", "عام", "تونسي", "للشغل"))
    True
    """
    rest = short[1:]
    tail = full[len(full) - len(rest) :]
    if not rest or short[0] != full[0] or len(full) < len(short) + 1 or not tail[0].startswith("ل"):
        return False
    bare = tail[0][2:] if tail[0].startswith("لل") else tail[0][1:]
    return (bare, *tail[1:]) == rest


@lru_cache(maxsize=1 << 14)
def is_organ(full: tuple[str, ...], body: tuple[str, ...]) -> bool:
    """Whether a longer name is that of an organ (مجلس, قوات) of ``body``, which begins with a body's own noun.

    >>> is_organ(("مجلس", "اتحاد", "سروان"), ("اتحاد", "سروان")), is_organ(("حزب", "اتحاد"), ("اتحاد",))
    (True, False)
    >>> is_organ(("قوات",), ())
    False
    """
    if not body or full[1 : 1 + len(body)] != body:
        return False
    if full[0] in words_of("outlet_head") and body[0] in words_of("force"):
        return True  # إذاعة الجيش
    return full[0] in words_of("organ_head") and body[0] in words_of("parent_head")


def _is_another_body(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """True where a longer name is a body of its own, not the shorter one's in full.

    A nationality alone (السعودية) is no body's name without its head. A well-known body (الاتحاد الأوروبي) is not the
    one whose name goes on with another purpose (الاتحاد الأوروبي لكرة القدم), unless both are known as one.
    """
    if all(find_nisba(word) is not None or find_country(word) is not None for word in short):
        return True
    known = known_items("ORG")
    if short in known and full in known:
        return known[short] != known[full]
    following = full[len(short)]
    goes_on = short in known and full[: len(short)] == short
    return goes_on and following.startswith("ل") and find_nisba(following) is None

"""Where names begin and end: pieces that a tagger cuts off or takes along, mended by what holds for every name.

A name tied by a hyphen or a dot is one (double surnames, firms, acronyms); so are letters that are spelled out
(بي. بي. سي), and a body that bears a person's name (جامعة الملك سعود) or one in quotes. A title before a person is no
part of the body named before it, nor is the word official after it; الابن that tells a person from the father of that
name is part of it. The words are in ``lexicons/name_edges.tsv``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from pipeline.consistency import Name, bare_spellings
from pipeline.gazetteer import find_country, find_nisba, is_place, read_groups
from pipeline.normalize import fold
from pipeline.proclitics import opens_person
from pipeline.schema import EntityType, Token

_TIES = frozenset({"-", "."})
_TWO_WORDS = 3  # tokens of two words with a mark between them
_QUOTED_WORDS = 5
_QUOTES = {'"': '"', "«": "»", "“": "”"}
Tokens = Sequence[Token]


def mend_edges(names: Sequence[Name], sentences: Sequence[Tokens]) -> list[Name]:
    """The names in their order, with their edges mended; two that turn out to be one are put together.

    ``names`` are in the order of the text without overlap, and so is what comes back; ``sentences`` hold the tokens
    that the names count.
    """
    found: list[Name] = []
    for name in names:
        tokens = sentences[name.sentence]
        before = found[-1] if found and found[-1].sentence == name.sentence else None
        if before is not None and before.end > name.start:
            continue  # it was spelled to its end
        if before is not None and (_tied(before, name, tokens) or _bears(before, name, tokens)):
            found[-1] = replace(before, end=name.end, confidence=min(before.confidence, name.confidence))
            continue
        if before is not None and (end := _quotation_end(before, name, tokens)):
            found[-1] = replace(before, end=end, confidence=min(before.confidence, name.confidence))
            continue
        if before is not None and _ends_in_title(before, name, tokens):
            found[-1] = _shortened(before, before.end - 1, tokens)
        free = before.end if before is not None else 0
        found += [_opened(_spelled_out(part, tokens), tokens, free) for part in _parts(name, tokens)]
    return [name for name in found if not _is_article(sentences[name.sentence][name.start : name.end])]


def without_marks(tokens: Tokens, start: int, end: int) -> tuple[int, int]:
    """The range without punctuation at its ends; a bracket or quotation mark stays with the one inside the name.

    A quotation that is opened inside the name and closed right after it is taken to its end.
    """
    while start < end and not tokens[start].norm[0].isalnum():
        start += 1
    while start < end and not tokens[end - 1].norm[-1].isalnum() and not _closes(tokens, start, end - 1):
        end -= 1
    if start < end < len(tokens) and _closes(tokens, start, end) and tokens[end].norm != ")":
        end += 1
    return start, end


def glued(tokens: Tokens, first: int, last: int) -> bool:
    """True where nothing, not even white space, stands between the tokens from ``first`` to ``last``."""
    return all(tokens[at].span.end == tokens[at + 1].span.start for at in range(first, last))


def _closes(tokens: Tokens, start: int, at: int) -> bool:
    """Whether the mark at ``at`` closes a bracket or quotation that is opened after ``start``."""
    mark = tokens[at].norm
    inside = [token.norm for token in tokens[start:at]]
    if mark == ")":
        return "(" in inside
    return any(
        close == mark and (inside.count(mark) % 2 == 1 if close == opener else opener in inside and mark not in inside)
        for opener, close in _QUOTES.items()
    )


def _tied(before: Name, name: Name, tokens: Tokens) -> bool:
    """Whether a hyphen or a dot ties both: double surnames, firms, letters.

    Not places, for there it mostly stands for a way from one to the other; nor two persons of one word each (قمة
    ترامب-بوتين), nor what begins with an article (مباراة الأهلي-الزمالك), for there it stands for 'and'.
    """
    if not before.type == name.type != EntityType.LOC or before.end + 1 != name.start:
        return False
    tie = tokens[before.end].norm
    if tie == "." and _is_letter(tokens[before.end - 1]) and _is_letter(tokens[name.start]):
        return True
    if tie not in _TIES or not glued(tokens, before.end - 1, name.start):
        return False
    alone = name.type == EntityType.PER and name.end - before.start == _TWO_WORDS
    return tie == "." or not (alone or tokens[name.start].norm.startswith("ال"))


def _bears(before: Name, name: Name, tokens: Tokens) -> bool:
    """Whether a body or place bears the person's name that follows it: جامعة الملك | سعود, مستشفى د. | سامر حداد."""
    if name.type != EntityType.PER or before.type == EntityType.PER:
        return False
    end = before.end - 1 if tokens[before.end - 1].norm == "." else before.end
    if before.end != name.start and not (before.end + 1 == name.start and tokens[before.end].norm == "."):
        return False
    if end - before.start < 2 or fold(tokens[end - 1].norm) not in _words("borne"):
        return False
    return not _forms(tokens[end - 2], article=False).isdisjoint(_words("bearer"))


def _quotation_end(before: Name, name: Name, tokens: Tokens) -> int:
    """The end of the quotation that is the name of the body or place whose noun stands before it, else 0.

    جامعة | «المدار» and مطار | "سروان", but not what is called صحيفة, قناة or the like, which is outside of a name.
    """
    opener, heads = before.end, _words("head") | _words("bearer")
    if before.type == EntityType.PER or name.start != opener + 1 or tokens[opener].norm not in _QUOTES:
        return 0
    noun = _forms(tokens[opener - 1], article=False)
    if noun.isdisjoint(heads) or not noun.isdisjoint(_words("opening")):
        return 0
    last = min(name.start + _QUOTED_WORDS, len(tokens) - 1)
    closes = (at for at in range(name.end, last + 1) if tokens[at].norm == _QUOTES[tokens[opener].norm])
    return next((at + 1 for at in closes), 0)


def _ends_in_title(before: Name, name: Name, tokens: Tokens) -> bool:
    """Whether the last word of a body is the title of the person who follows: الجمعية الوطنية السيد | سامر."""
    if name.type != EntityType.PER or before.type != EntityType.ORG or before.end != name.start:
        return False
    return before.end - before.start > 2 and fold(tokens[before.end - 1].norm) in _words("title")


def _parts(name: Name, tokens: Tokens) -> list[Name]:
    """A body without the words that describe it, apart from a name that stands beside it: وكالة ... السورية | سانا."""
    if name.type != EntityType.ORG:
        return [name]
    name = _without_opening(name, tokens)
    for at in range(name.start + 1, name.end):
        if _another_office(name, tokens, at):
            return [_undescribed(_shortened(name, at, tokens), tokens), *_governed(name, tokens, at + 1)]
        if _alias(name, tokens, at):
            return [_undescribed(_shortened(name, at, tokens), tokens), replace(name, start=at)]
        if _official(name, tokens, at):
            start, end = without_marks(tokens, at + 1, name.end)
            rest = [replace(name, start=start, end=end)] if end - start == 1 else []
            return [_undescribed(_shortened(name, at, tokens), tokens), *rest]
    return [_undescribed(name, tokens)]


def _without_opening(name: Name, tokens: Tokens) -> Name:
    """The name without صحيفة or the like before it, where more than marks follows."""
    if name.end - name.start < 2 or _forms(tokens[name.start], article=False).isdisjoint(_words("opening")):
        return name
    start, end = without_marks(tokens, name.start + 1, name.end)
    return replace(name, start=start, end=end) if start < end else name


def _shortened(name: Name, end: int, tokens: Tokens) -> Name:
    """The name up to ``end``, without the marks that then stand last; as it was where nothing would be left."""
    start, end = without_marks(tokens[: max(end, name.start)], name.start, end)
    return replace(name, start=start, end=end) if start < end else name


def _another_office(name: Name, tokens: Tokens, at: int) -> bool:
    """Whether the office of a member begins here, after a definite noun: عضو المجلس الأعلى | حاكم نورديا."""
    if fold(tokens[at].norm) not in _words("office") or at - name.start < 2 or at + 1 >= name.end:
        return False
    return tokens[at - 1].norm.startswith(("ال", "لل"))


def _governed(name: Name, tokens: Tokens, at: int) -> list[Name]:
    """The known place that the office is of, as a name of its own."""
    place = " ".join(token.norm for token in tokens[at : name.end])
    return [replace(name, start=at, type=EntityType.LOC)] if is_place(place) else []


def _official(name: Name, tokens: Tokens, at: int) -> bool:
    """Whether the word official stands here after the name of an agency or outlet of two words or more."""
    if at - name.start < 2 or fold(tokens[at].norm) not in _words("official"):
        return False
    return not _forms(tokens[name.start]).isdisjoint(_words("agency"))


def _alias(name: Name, tokens: Tokens, at: int) -> bool:
    """Whether a Latin name begins here that repeats the Arabic one before it: more than شركة or شركة طيران."""
    if not all(token.norm.isascii() for token in tokens[at : name.end]) or not tokens[at].norm[0].isalpha():
        return False
    before = tokens[name.start : at]
    return not any(token.norm.isascii() for token in before) and (
        len(before) > 2 or _forms(before[0]).isdisjoint(_words("head"))
    )


def _undescribed(name: Name, tokens: Tokens) -> Name:
    """The body without adjectives that describe it: حزب المدار | اليميني, شركة أوزيلا | الفرنسية."""
    end = name.end
    while end - name.start > 2 and fold(tokens[end - 1].norm) in _words("describing"):
        end -= 1
    if end - name.start > 2 and _of_a_country(tokens[end - 2 : end]):
        end -= not _forms(tokens[name.start], article=False).isdisjoint(_words("proper"))
    return _shortened(name, end, tokens) if end != name.end else name


def _of_a_country(words: Tokens) -> bool:
    """Whether the second is a nationality adjective beside a proper name, which bears no article; no country itself."""
    before, last = words[0].norm, fold(words[1].norm)
    nisba = find_nisba(last) if last.startswith("ال") and find_country(last) is None else None
    return (
        nisba is not None
        and nisba.kind == "country"
        and not nisba.ambiguous
        and before[0].isalpha()
        and not before.startswith(("ال", "لل", "وال", "بال"))
    )


def _opened(name: Name, tokens: Tokens, free: int) -> Name:
    """The person with the first name that is glued to a letter right before, from ``free`` on: بفوزي | حداد."""
    at = name.start - 1
    if name.type != EntityType.PER or at < free or not opens_person(tokens[at].norm):
        return name
    return replace(name, start=at)


def _is_article(tokens: Tokens) -> bool:
    """Whether the name is nothing but the article of a Latin name that follows: الـ | FRMF."""
    return len(tokens) == 1 and tokens[0].norm == "ال"


def _spelled_out(name: Name, tokens: Tokens) -> Name:
    """The name to the end of the letters that it is spelled in, or with what tells father from son after it.

    سي. إن | . إن, سامر حداد | الابن, but سامر حداد الأب لطفلين and سامر حداد الابن الأكبر are not called so.
    """
    end = name.end
    if name.type == EntityType.PER and end < len(tokens) and fold(tokens[end].norm) in _words("generation"):
        described = end + 1 < len(tokens) and tokens[end + 1].norm.startswith(("ل", "ال"))
        return name if described else replace(name, end=end + 1)
    while end + 1 < len(tokens) and tokens[end].norm == "." and all(map(_is_letter, tokens[end - 1 : end + 2 : 2])):
        end += 2
    return replace(name, end=end) if end != name.end else name


def _is_letter(token: Token) -> bool:
    """Whether the word is a letter or the name of one, and not the word 'and'."""
    word = fold(token.norm)
    if len(word) == 1:
        return word.isalpha() and not word.isascii() and word != "و"
    return word in _words("letter") or word in _words("letter_or_word")


def _forms(token: Token, *, article: bool = True) -> set[str]:
    """The folded word with and without the letters before it, and its article: وبجامعة, بجامعة, جامعة."""
    forms = {fold(form) for form in bare_spellings(token.norm)}
    return forms | {form.removeprefix("ال") for form in forms} if article else forms


def _words(group: str) -> frozenset[str]:
    return read_groups("name_edges", group)

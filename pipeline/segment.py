"""Tokens and sentences with offsets into the untouched text, found by rules.

A token is a run of Arabic letters (with the vowel signs, tatweel and invisible characters inside it), a word of another
script, a number, or a punctuation mark. Proclitics stay on their word; the tagging stage trims them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.gazetteer import read_spellings
from pipeline.normalize import INVISIBLE, MARKS, SPACING_MARKS, TATWEEL, normalize
from pipeline.schema import Analysis, Segment, SegmentKind, Sentence, Span, Token

MAX_SENTENCE_TOKENS = 300
"""Longer sentences are cut, at a comma where there is one, so that no later stage meets an unbounded sentence."""

_LETTERS = (
    "\u0620-\u063f\u0641-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06e5\u06e6\u06ee\u06ef\u06fa-\u06ff\u0750-\u077f"
    "\u0870-\u0887\u0889-\u088e\u08a0-\u08c9\ufb50-\ufbb1\ufbd3-\ufc5d\ufc64-\ufd3d\ufd50-\ufdf9\ufe80-\ufefc"
)
_INSIDE = _LETTERS + MARKS + SPACING_MARKS + TATWEEL
_MAX_WORD = 99  # no word is that long; a longer run falls into several tokens
_DIGITS = "0-9\u0660-\u0669\u06f0-\u06f9"
_FOREIGN = rf"[^\W\d_{_INSIDE}]"
_WORD_INSIDE = rf"[{_INSIDE}]{{1,{_MAX_WORD}}}"
_FOREIGN_INSIDE = rf"(?:{_FOREIGN}|[0-9]){{1,{_MAX_WORD}}}"
_NUMBER = rf"[{_DIGITS}]{{1,{_MAX_WORD}}}"
_TOKEN = re.compile(
    rf"[{_LETTERS}](?:{_WORD_INSIDE})?(?:[{INVISIBLE}]{{1,9}}{_WORD_INSIDE}){{0,9}}"  # an Arabic word
    rf"|{_NUMBER}(?:[.,:/\u066b\u066c\u060c]{_NUMBER}){{0,9}}"  # 1.5 12:30 21/12/2025 ٣٫٥
    r"|(?:https?://|www\.)[!-~]{1,999}[A-Za-z0-9/]"
    rf"|{_FOREIGN}(?:{_FOREIGN_INSIDE})?(?:[-'’.&@_]{_FOREIGN_INSIDE}){{0,9}}"  # F-16 AT&T someone@example.org
    rf"|\.{{1,99}}|-{{1,99}}|_{{1,99}}|={{1,99}}|\*{{1,99}}|{TATWEEL}{{1,99}}"
    rf"|[^\s{INVISIBLE}{MARKS}{SPACING_MARKS}]"
)
_GLUED = re.compile(rf"(?<=ة)(?=[{_LETTERS}]{{2}})")  # no word goes on after ة: الخارجيةسامر lost a blank
_TERMINAL = ".!?؟\u06d4\u2026"
_CLOSERS = "\"'»”’)\\]}"
_BREAK = re.compile(
    rf"(?<![{_TERMINAL}])[{_TERMINAL}]++[{_CLOSERS}{INVISIBLE}]*+(?=[\s{_LETTERS}«“(\[]|$)"
    r"|(?:\r?\n|\r|[\x0b\x0c\x85\u2028\u2029])\s*+"
    r"|[ \t\u00a0]{3,}"  # pages that lost their line breaks to wide gaps
    rf"|(?<!\*)(?=\*{{2,3}}[ \t]?[{_LETTERS}])"  # the next piece of news in brief: ** عمان: قال
)
_LAST_WORD = re.compile(rf"(?:^|[^{_INSIDE}])([{_INSIDE}]+|[A-Za-z]+)$")
_NEXT_WORD = re.compile(rf"([ \t]*)([{_INSIDE}]{{1,9}}+)(?![{_INSIDE}])([ \t]?\.|[{_CLOSERS}]?)")
_LAST_GAP = re.compile(rf"\.([ \t]*)[{_INSIDE}]+$")
_LIST_NUMBER = re.compile(rf"(?<![{_DIGITS}.,])[{_DIGITS}]{{1,2}}\.[{_LETTERS}]$")  # 1.first 2.second
_COMMAS = frozenset("،,؛;:.")
_LOOK_BACK = 40  # code points before a full stop that may hold the word that it ends


def tokenize(text: str, start: int = 0, end: int | None = None) -> tuple[Token, ...]:
    """The tokens of ``text[start:end]`` in order, their spans counted in the whole of ``text``.

    White space, invisible characters and vowel signs outside a word belong to no token; every norm is non-empty.
    Two words without a blank between them are two tokens where the first ends in ta marbuta.

    >>> [token.norm for token in tokenize("بوتين،قال ٣٫٥%")]
    ['بوتين', '،', 'قال', '3.5', '%']
    """
    found: list[Token] = []
    for match in _TOKEN.finditer(text, start, len(text) if end is None else end):
        whole = match[0]
        if "ة" in whole[:-2]:
            found += _parted(whole, match.start())
        elif norm := normalize(whole):
            found.append(Token(Span(match.start(), match.end()), norm))
    return tuple(found)


def _parted(word: str, at: int) -> Iterator[Token]:
    """The tokens of a run of letters that starts at an offset: a new one wherever letters go on after ta marbuta."""
    for part in _GLUED.split(word):
        norm = normalize(part)
        if norm:
            yield Token(Span(at, at + len(part)), norm)
        at += len(part)


def split_sentences(analysis: Analysis) -> tuple[Sentence, ...]:
    """The sentences of the article and secondary segments, in order, none empty.

    A sentence starts with its first token and ends with its last. Without segments the whole text is one article.
    """
    text = analysis.document.text
    segments = analysis.segments or (Segment(Span(0, len(text)), SegmentKind.ARTICLE),)
    sentences: list[Sentence] = []
    for index, segment in enumerate(segments):
        if segment.kind is SegmentKind.BOILERPLATE:
            continue
        for span in sentence_spans(text, segment.span.start, segment.span.end):
            sentences.extend(
                Sentence(Span(tokens[0].span.start, tokens[-1].span.end), tokens, index)
                for tokens in _bounded(tokenize(text, span.start, span.end))
            )
    return tuple(sentences)


def sentence_spans(text: str, start: int, end: int) -> Iterator[Span]:
    """The stretches of ``text[start:end]`` between sentence ends; they cover it without overlap, in order."""
    begin = start
    for match in _BREAK.finditer(text, start, end):
        if match.end() > begin and _ends_sentence(text, match, start):
            yield Span(begin, match.end())
            begin = match.end()
    if begin < end:
        yield Span(begin, end)


def _ends_sentence(text: str, match: re.Match[str], start: int) -> bool:
    """False for the full stop of an abbreviation or initial, and for dots that trail off inside a line."""
    mark = match[0].rstrip(_CLOSERS)
    if not mark or mark[0] not in _TERMINAL:
        return True
    if "\u2026" in mark or mark.startswith(".."):
        return False
    if mark[0] != ".":
        return True
    if _LIST_NUMBER.search(text, max(start, match.start() - 9), match.end() + 1):
        return False
    found = text[max(start, match.start() - _LOOK_BACK) : match.start()]
    before = found.rstrip(" \t")
    word = _LAST_WORD.search(before)
    if word is None:
        return True
    last = normalize(word[1])
    if last == "د" and TATWEEL not in word[1]:  # a doctor's letter, whose name follows
        return False
    if len(last) != 1 or before != found:
        return not _inside_a_spelled_name(before, last, text, match)
    return TATWEEL in word[1] or before[: word.start(1)].rstrip()[-1:].isdigit()  # 1436 هـ. and 2015م. are years


def _inside_a_spelled_name(before: str, last: str, text: str, match: re.Match[str]) -> bool:
    """True for the full stop after ``last`` in letters that are spelled out (بي. بي. سي) and before a domain (.نت).

    Blanks may stand before it too (يو .بي .آي), and single letters are such (أ .ف .ب), but for the word 'and'.
    A word that is also the name of a letter (إن) must have its own full stop, or the gap of the letters before it.
    """
    following = _NEXT_WORD.match(text, match.end()) if match[0] == "." else None
    if following is None:
        return False
    gap, word, after = following[1], normalize(following[2]), following[3]
    if word in read_spellings("name_edges", "domain"):
        return True
    sure, other = read_spellings("name_edges", "letter"), read_spellings("name_edges", "letter_or_word")
    if len(last) == 1:
        return len(word) == 1 and "و" not in (last, word)
    if last not in sure and last not in other:
        return False
    if word in sure:
        return True
    gap_before = _LAST_GAP.search(before)
    return word in other and bool(after or (gap_before and gap_before[1] == gap))


def _bounded(tokens: tuple[Token, ...]) -> Iterator[tuple[Token, ...]]:
    """``tokens`` in pieces of at most :data:`MAX_SENTENCE_TOKENS`, cut after the last comma of the second half."""
    while len(tokens) > MAX_SENTENCE_TOKENS:
        half = MAX_SENTENCE_TOKENS // 2
        cut = next((i + 1 for i in range(MAX_SENTENCE_TOKENS - 1, half, -1) if tokens[i].norm in _COMMAS), None)
        cut = cut or MAX_SENTENCE_TOKENS
        yield tokens[:cut]
        tokens = tokens[cut:]
    if tokens:
        yield tokens

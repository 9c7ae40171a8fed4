"""Words cut into known pieces, as WordPiece does: greedily, the longest first; ``+`` marks one that goes on."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

PAD, UNKNOWN, MASK, END = range(4)
SPECIAL = ("<pad>", "<unknown>", "<mask>", "<end>")
LONGEST = 12  # letters of a piece
LENGTH = 256  # pieces that the transformer reads at once, the ends of the sentence counted


def cut_word(word: str, known: Mapping[str, int]) -> list[int]:
    """The ids of the pieces of a word, longest first from its start; one UNKNOWN where a letter is in no piece.

    >>> cut_word("بيت", {"بي": 4, "+ت": 5})
    [4, 5]
    """
    ids: list[int] = []
    at = 0
    while at < len(word):
        mark = "+" if at else ""
        for end in range(min(len(word), at + LONGEST), at, -1):
            found = known.get(mark + word[at:end])
            if found is not None and (at or end == 1 or word[0] != "+"):  # a word may begin with the mark itself
                ids.append(found)
                at = end
                break
        else:
            return [UNKNOWN]
    return ids


def cut_forms(forms: Sequence[str], known: Mapping[str, int]) -> list[list[int]]:
    """The pieces of each word of a sentence, at least one a word and never more than fit between two ends."""
    return [cut_word(form, known)[: LENGTH - 2] or [UNKNOWN] for form in forms]


def windows(pieces: Sequence[Sequence[int]]) -> Iterator[tuple[int, int]]:
    """Ranges of words (end excluded) whose pieces fit between two ends; one range for most sentences.

    >>> list(windows([[5] * 200, [6] * 60, [7]]))
    [(0, 1), (1, 3)]
    """
    start, size = 0, 0
    for at, word in enumerate(pieces):
        if size + len(word) > LENGTH - 2:
            yield start, at
            start, size = at, 0
        size += len(word)
    if start < len(pieces):
        yield start, len(pieces)

"""The features of the CRF: of a word, of its gazetteer marks, and of two neighbours, as names.

Training and tagging read the same functions, so that a weight cannot mean two things.
"""

from __future__ import annotations

import lzma
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from pipeline.taggers.evidence import Evidence, of_pair_code, two_columns
from pipeline.taggers.features import Gazetteer, bare_forms, word_key

FIRST, LAST = "first", "last"
PAIR_LEFT, PAIR_RIGHT = "++", "-+"
N_FAR = 4
"""How many of a word's evidence features its neighbours but one see."""

Views = tuple[tuple[str, ...], ...]
PLACES = ("-2", "-1", "", "+1", "+2")
"""What stands before the name of a feature in each view of a word."""


class FeatureMaker:
    """Makes the features of a sentence; keeps those of each word, so that a frequent word costs a look-up."""

    def __init__(self, clusters: Mapping[str, str], known: Gazetteer, evidence: Evidence | None = None) -> None:
        self._clusters = clusters
        self._gazetteer = known
        self._evidence = evidence or Evidence({}, {})
        self._cached = lru_cache(maxsize=60_000)(self.of_word)

    def sentence(self, words: Sequence[str]) -> list[list[str]]:
        """One list of feature names a word."""
        keys = [word_key(word) for word in words]
        parts = [self._cached(key) for key in keys]
        marks = [of_marks(row) for row in self.marks(keys)]
        groups = [self.group(key) for key in keys]
        n = len(words)
        rows: list[list[str]] = []
        for i in range(n):
            row = list(parts[i][2])
            row += marks[i][2]
            if i:
                row += parts[i - 1][1]
                row += marks[i - 1][1]
                row += (of_pair(keys[i - 1], keys[i])[1], of_groups(groups[i - 1], groups[i])[1])
                row += of_link(self.link(keys[i - 1], keys[i]))[1]
            else:
                row.append(FIRST)
            if i + 1 < n:
                row += parts[i + 1][3]
                row += marks[i + 1][3]
                row += (of_pair(keys[i], keys[i + 1])[0], of_groups(groups[i], groups[i + 1])[0])
                row += of_link(self.link(keys[i], keys[i + 1]))[0]
            else:
                row.append(LAST)
            if i > 1:
                row += parts[i - 2][0]
                row += marks[i - 2][0]
            if i + 2 < n:
                row += parts[i + 2][4]
                row += marks[i + 2][4]
            rows.append(row)
        return rows

    def marks(self, keys: Sequence[str]) -> list[tuple[str, ...]]:
        """What the gazetteers say of each word of a sentence."""
        return [tuple(row) for row in self._gazetteer.tag(keys)]

    def link(self, left: str, right: str) -> str:
        """The code of two neighbours; empty where nothing is known of them."""
        return self._evidence.pairs.get(f"{left}|{right}", "")

    def links(self) -> Mapping[str, str]:
        """The code of all known pairs ``left|right``."""
        return self._evidence.pairs

    def _path(self, forms: Sequence[str]) -> list[str]:
        cluster = next((self._clusters[form] for form in forms if form in self._clusters), "")
        return cluster.split(".") if cluster else []

    def group(self, key: str) -> str:
        """The word's coarsest cluster, or its shape where it has none."""
        path = self._path(bare_forms(key))
        return path[0] if path else _shape(key)

    def of_word(self, key: str) -> Views:
        """The word's features as seen from two words after it, one after, itself, one before, two before."""
        far, near, own = self.names(key)
        near = [*far, *near]
        return (
            tuple("-2" + name for name in far),
            tuple("-1" + name for name in near),
            (*near, *own),
            tuple("+1" + name for name in near),
            tuple("+2" + name for name in far),
        )

    def names(self, key: str) -> tuple[list[str], list[str], list[str]]:
        """What a word gives all that read it, what only itself and its neighbours, and what only itself."""
        forms = bare_forms(key)
        stem = forms[-1]
        said = self._evidence.of_word(forms)
        far = [f"w={key}", *(f"c{depth}={name}" for depth, name in enumerate(self._path(forms))), *said[:N_FAR]]
        near = [f"s={stem}", f"x={key[-2:]}", f"h={_shape(key)}", *said[N_FAR:]]
        own = [f"n={len(key) if len(key) < 9 else 9}"]
        own += [f"p{n}={key[:n]}" for n in (1, 2, 3, 4) if len(key) > n]
        own += [f"x{n}={key[-n:]}" for n in (1, 3, 4) if len(key) > n]
        own += [f"sp={stem[:3]}", f"sl={len(forms)}"]
        if len(forms) > 2:
            own += [f"m={form}" for form in forms[1:-1]]
        return far, near, own


def of_pair(left: str, right: str) -> tuple[str, str]:
    """The feature that two neighbours give to the left one, and the one to the right one."""
    return f"{PAIR_LEFT}{left}|{right}", f"{PAIR_RIGHT}{left}|{right}"


@lru_cache(maxsize=4096)
def of_link(code: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The features that the code of two neighbours gives to the left one and to the right one."""
    names = of_pair_code(code) if code else ()
    return tuple("+" + name for name in names), tuple("-" + name for name in names)


def of_groups(left: str, right: str) -> tuple[str, str]:
    """As :func:`of_pair`, for the groups of two neighbours."""
    return f"+c{left}|{right}", f"-c{left}|{right}"


@lru_cache(maxsize=4096)
def of_marks(marks: tuple[str, ...]) -> Views:
    """The features that a word's gazetteer marks give, in the views of :meth:`FeatureMaker.of_word`."""
    names = ["g=" + mark for mark in marks]
    joined = ["G=" + "+".join(marks)] if len(marks) > 1 else []
    return (
        tuple("-2" + name for name in names),
        tuple("-1" + name for name in names + joined),
        (*names, *joined),
        tuple("+1" + name for name in names + joined),
        tuple("+2" + name for name in names),
    )


def _shape(key: str) -> str:
    first = key[:1]
    if "\u0620" <= first <= "\u06ff":
        return "ا" if key.startswith("ال") else "ع"
    if first == "0":
        return "0" * min(len(key), 5)
    return "a" if first.isalpha() else first


def read_clusters(path: Path) -> dict[str, str]:
    """The cluster path of each word key, coarse to fine with dots between; one word and path a line."""
    with lzma.open(path) as packed:
        return two_columns(packed.read().decode())

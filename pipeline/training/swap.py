"""Copies of training sentences in which names are exchanged for others, so that contexts are learned, not lists."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from pipeline.proclitics import count_proclitics
from pipeline.tagging import decode_bio
from pipeline.training.corpora import LabelledSentence
from pipeline.training.gazetteers import rows

Name = tuple[str, ...]

#: Shares of the person and place names that are exchanged, and of lone person names that get a last name.
PERSONS, PLACES, LAST_NAMES = 0.75, 0.5, 0.8


def _by_length(names: Iterable[str], longest: int) -> dict[int, list[Name]]:
    found: dict[int, list[Name]] = defaultdict(list)
    for name in sorted(set(names)):
        words = tuple(name.split())
        if words and all(len(word) > 1 for word in words):
            found[min(len(words), longest)].append(words)
    return found


class Names:
    """Names to put in: of persons and of places, by their number of words."""

    def __init__(self, persons: Iterable[str], places: Iterable[str]) -> None:
        self.persons, self.places = _by_length(persons, 4), _by_length(places, 3)
        self.last = [name[-1:] for n in sorted(self.persons) if n > 1 for name in self.persons[n]]

    @classmethod
    def load(cls, folder: Path, more_persons: Sequence[Path] = ()) -> Names:
        """The names of a gazetteer folder, and of further ``name_ar`` files that are for training alone."""
        persons = [row["name_ar"] for file in ("persons_public", "officeholder_names") for row in rows(folder, file)]
        persons += [row["name_ar_norm"] for row in rows(folder, "person_name_variants")]
        persons += [row["name_ar"] for path in more_persons for row in rows(path.parent, path.stem)]
        places = [row["name_ar"] for file in ("places_core", "admin1") for row in rows(folder, file)]
        places += [row["name_ar"] for row in rows(folder, "places_extended") if not row["common_word"]]
        return cls(persons, places)

    def draw(self, kind: str, length: int, rng: random.Random) -> Name | None:
        """Another name of the kind and length; None where the name is to stay."""
        if kind == "PER" and rng.random() < PERSONS:
            if length == 1 and self.last and rng.random() < LAST_NAMES:
                return rng.choice(self.last)
            same = self.persons.get(min(length, 4))
            return rng.choice(same) if same else None
        if kind == "LOC" and rng.random() < PLACES:
            same = self.places.get(min(length, 3))
            return rng.choice(same) if same else None
        return None


def swap_names(sentence: LabelledSentence, names: Names, rng: random.Random) -> LabelledSentence | None:
    """The sentence with some names exchanged, proclitics kept; None where none was."""
    words: list[str] = []
    labels: list[str] = []
    done, changed = 0, False
    for start, end, kind in decode_bio(sentence.labels):
        words.extend(sentence.words[done:start])
        labels.extend(sentence.labels[done:start])
        new = names.draw(kind, end - start, rng)
        old = sentence.words[start:end]
        if new is not None:
            changed = True
            new = (old[0][: count_proclitics(old[0])] + new[0], *new[1:])
        piece = new or old
        words.extend(piece)
        labels.extend([f"B-{kind}", *[f"I-{kind}"] * (len(piece) - 1)])
        done = end
    words.extend(sentence.words[done:])
    labels.extend(sentence.labels[done:])
    return LabelledSentence(tuple(words), tuple(labels), sentence.source) if changed else None


def swapped(sentences: Iterable[LabelledSentence], names: Names, seed: int) -> Iterator[LabelledSentence]:
    """One changed copy of each sentence that has a name to exchange."""
    rng = random.Random(seed)  # noqa: S311  # not for secrets
    for sentence in sentences:
        copy = swap_names(sentence, names, rng)
        if copy is not None:
            yield copy

"""Pages on which nobody meets: of sport, culture and an encyclopedia, where squads, casts and heirs stand side by side.

The annotated articles hold few such pages, so that the scorers, left alone, are too sure of what they find there. A
page is taken by its words alone; one that holds a word by which meetings are mostly told (``told``) is not.
"""

from __future__ import annotations

import re
import zlib
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path

from pipeline.errors import InputError
from pipeline.evaluation.gold import GoldDocument, GoldEntity
from pipeline.folded import fold_word
from pipeline.gazetteer import read_spellings
from pipeline.meetings.triggers import read_form
from pipeline.meetings.view import scene_of
from pipeline.schema import Analysis, Document
from pipeline.training.rawtext import read_documents

_SHARE = 0.04  # of a page's words that are of its scene
_WORDS = (100, 900)
_LEAST_TRIGGERS = 3
_READ, _TAKEN = 9000, 70  # documents looked at in each file, and taken of each scene at most
_EVERY = 3  # one document in so many, by its text
_BOOK = 250  # articles of an encyclopedia
_WORD = re.compile(r"[^\W\d_]+")


def unmet_documents(raw: Path) -> Iterator[tuple[GoldDocument, Analysis]]:
    """Pages without meetings from a folder of raw text, with the names that the shipped tagger finds in them.

    Raises InputError where the folder holds no news.
    """
    from pipeline.run import analyse, open_tagger

    paths = sorted(raw.glob("news-*.txt.xz"))
    if not paths:
        raise InputError(f"{raw}: no news-*.txt.xz file; give the folder of the raw corpora")
    books = sorted(raw.glob("wikipedia-*.txt.xz"))
    taken = [(path, _pages(path)) for path in paths] + [(path, _articles(path)) for path in books]
    pages = [Document(f"raw-{path.stem}-{at}", text) for path, texts in taken for at, text in enumerate(texts)]
    for found in analyse(pages, open_tagger("default"), instead={"meetings": lambda _: ()}):
        if isinstance(found, Analysis):
            yield _without_meetings(found), found


def _pages(path: Path) -> Iterator[str]:
    taken: Counter[str] = Counter()
    for number, text in enumerate(read_documents(path)):
        if number == _READ:
            return
        scene = _scene(text) if zlib.crc32(text.encode()) % _EVERY == 0 else ""
        if scene and taken[scene] < _TAKEN:
            taken[scene] += 1
            yield text


def _articles(path: Path) -> Iterator[str]:
    likely = (text for text in read_documents(path) if zlib.crc32(text.encode()) % _EVERY == 0)
    return islice((text for text in likely if _unmet(_words_of(text))), _BOOK)


def _scene(text: str) -> str:
    """The scene of a page on which nobody is told to have met, else empty."""
    words = _words_of(text)
    return scene_of(words, _SHARE) if _unmet(words) else ""


def _words_of(text: str) -> list[str]:
    return [fold_word(word) for word in _WORD.findall(text)]


def _unmet(words: Sequence[str]) -> bool:
    """Whether a page may be taken for one that tells of meetings, and tells of none."""
    if not _WORDS[0] <= len(words) <= _WORDS[1]:
        return False
    triggers = {form.lemma for word in words if (form := read_form(word))}
    return len(triggers) >= _LEAST_TRIGGERS and triggers.isdisjoint(read_spellings("scene_words", "told"))


def _without_meetings(analysis: Analysis) -> GoldDocument:
    document = analysis.document
    entities = tuple(GoldEntity(e.entity_id, e.type, e.name, e.country) for e in analysis.entities)
    return GoldDocument(document.doc_id, document.text, document.published, (), (), entities, (), (), ())

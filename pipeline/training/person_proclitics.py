"""Words that begin with a proclitic letter before a person's name: ``python -m pipeline.training.person_proclitics``.

Writes ``pipeline/lexicons/person_proclitics.tsv``: of the words of ``proclitic_words.tsv`` whose first letter is one of
ف ب ل ك, those whose rest is, by the CRF's evidence of raw text, often a person's name and the commoner of the two
(لبوتين, but not لمصلحة). A second of one core; to be made again where the evidence or ``proclitic_words.tsv`` is.
"""

from __future__ import annotations

import argparse
from collections.abc import Container, Iterable, Mapping
from pathlib import Path

from pipeline.lexicon import read_rows
from pipeline.models import models_folder
from pipeline.proclitics import known_words, strip_one
from pipeline.taggers.evidence import EVIDENCE_FILE, TYPES, read_evidence

LEXICON = Path(__file__).resolve().parents[1] / "lexicons" / "person_proclitics.tsv"
_LETTERS = frozenset("فبلك")
_LEAST_LETTERS = 3  # of the rest
_LEAST_PERSON = 3  # step of the probability that the rest is a person's name: 0.3 and more
_LEAST_LEAD, _MOST = 2, 4  # steps of counts by which the rest is commoner than the word; the last step is open


def words_before_persons(words: Iterable[str], codes: Mapping[str, str], names: Container[str]) -> list[str]:
    """Those of the words that are a letter and a person's name, in order; ``codes`` are those of the evidence.

    ``names`` holds words of persons' names, which keep their letters (لامين).
    """
    return sorted(word for word in words if word not in names and _is_before_person(word, codes))


def _is_before_person(word: str, codes: Mapping[str, str]) -> bool:
    if word[0] not in _LETTERS or " " in word or word.startswith("لل"):
        return False
    bare = strip_one(word)
    code = codes.get(bare)
    if code is None or len(bare) < _LEAST_LETTERS or int(code[TYPES.index("P")]) < _LEAST_PERSON:
        return False
    often, lone = int(codes.get(word, "0")[-1]), int(code[-1])
    return lone == _MOST or lone - often >= _LEAST_LEAD


def main() -> None:
    """Choose the words and write the list."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--evidence", type=Path, default=models_folder() / "crf" / EVIDENCE_FILE)
    parser.add_argument("--output", type=Path, default=LEXICON)
    options = parser.parse_args()
    words = [row["word"] for row in read_rows("proclitic_words") if row["proclitic"] == "1"]
    found = words_before_persons(words, read_evidence(options.evidence).words, known_words("PER"))
    rows = (f"{word}\topinions of a tagger on raw news\n" for word in found)
    options.output.write_text("word\tsource\n" + "".join(rows), "utf-8")
    print(f"{len(found)} words, {options.output}")


if __name__ == "__main__":
    main()

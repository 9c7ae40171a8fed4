"""What a tagger thought of words and of neighbours in raw news, all over the corpus: evidence for names never learned.

A word that one sentence leaves open is plain in others. :mod:`pipeline.training.evidence` adds the opinions of a tagger
up over millions of words; the file keeps them in steps, a digit each.
"""

from __future__ import annotations

import lzma
from collections.abc import Mapping
from pathlib import Path

import numpy as np

from pipeline.errors import ModelError

EVIDENCE_FILE = "evidence.tsv.xz"
TYPES = "PLOM"
_STEPS = np.array([0.03, 0.12, 0.3, 0.55, 0.8, 0.93])
_RARE = "2"  # steps of the count below which the word without its proclitics is asked too


def step_of(share: float) -> int:
    """The step of a probability, 0 to 6.

    >>> step_of(0.02), step_of(0.5), step_of(0.99)
    (0, 3, 6)
    """
    return int(np.searchsorted(_STEPS, share))


class Evidence:
    """Codes of words and of pairs of neighbours (``left|right``), both spelled as :func:`word_key` does.

    A word's code is the step of its mean probability of each of the tagger's types (person, place, organisation, then
    others), of how often it begins the name, and of its count; a pair's that of standing inside one name of each type,
    of a name's ending between the two (``-`` where that is not likely), and of its count.
    """

    def __init__(self, words: Mapping[str, str], pairs: Mapping[str, str]) -> None:
        self.words, self.pairs = words, pairs

    def of_word(self, forms: tuple[str, ...]) -> tuple[str, ...]:
        """Feature names of a word, given with what is left of it without proclitics; the first ones tell most."""
        if not self.words:
            return ()
        code, stem = self.words.get(forms[0]), self.words.get(forms[-1]) if len(forms) > 1 else None
        names = ["r=?"]
        if code is not None:
            steps, begins, count = code[:-2], code[-2], code[-1]
            most = max(steps)
            names = [*_by_type("r", steps), f"r={steps}", f"rn={count}{most}"]
            if most > "0":
                names.append(f"rB={begins}{TYPES[steps.index(most)]}")
        if code is None or code[-1] < _RARE:
            names += ["rs=" + "-?"[len(forms) > 1]] if stem is None else _by_type("rs", stem[:-2])
        return tuple(names)


def _by_type(prefix: str, steps: str) -> list[str]:
    return [f"{prefix}{kind}={step}" for kind, step in zip(TYPES, steps, strict=False)]


def of_pair_code(code: str) -> tuple[str, ...]:
    """Feature names that a pair's code gives.

    >>> of_pair_code("030-2")
    ('kL=3', 'kL=32')
    """
    names: list[str] = []
    for kind, step in zip(TYPES, code[:-2], strict=False):
        if step > "0":
            names += [f"k{kind}={step}", f"k{kind}={step}{code[-1]}"]
    if code[-2] != "-":
        names.append(f"kE={code[-2]}")
    return tuple(names)


def two_columns(lines: str) -> dict[str, str]:
    r"""The second column by the first; cut in one go, for there are a hundred thousand lines to be read at each start.

    ValueError where the cells do not come in twos.

    >>> two_columns("a\t1\nb\t2\n")
    {'a': '1', 'b': '2'}
    """
    cells = lines.removesuffix("\n").replace("\n", "\t").split("\t") if lines else []
    return dict(zip(cells[::2], cells[1::2], strict=True))


def read_evidence(path: Path) -> Evidence:
    """The evidence of a file of ``word or left|right TAB code`` lines; none where there is no file."""
    if not path.exists():
        if (old := path.with_suffix(".gz")).exists():
            raise ModelError(f"{old}: packed as before; pack it with xz, as {path.name}")
        return Evidence({}, {})
    try:
        with lzma.open(path) as packed:
            words, pairs = packed.read().decode().split("\n\n")
        return Evidence(two_columns(words), two_columns(pairs))
    except (OSError, ValueError, lzma.LZMAError, EOFError) as error:
        raise ModelError(f"{path}: cannot be read ({error}); restore it with 'git checkout -- models'") from error


def write_evidence(words: Mapping[str, str], pairs: Mapping[str, str], path: Path) -> None:
    """Write the codes, words first, then pairs after an empty line."""
    parts = ("\n".join(f"{name}\t{part[name]}" for name in sorted(part)) for part in (words, pairs))
    path.write_bytes(lzma.compress("\n\n".join(parts).encode(), preset=9 | lzma.PRESET_EXTREME))

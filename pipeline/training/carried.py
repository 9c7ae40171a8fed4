"""All that a machine with a GPU needs, in one folder: ``python -m pipeline.training.carried --text DIR --output DIR``.

``pieces.txt`` and ``ids-*.xz`` (:mod:`pipeline.training.pieces`) for pretraining; ``labelled.npz``, the sentences that
a tagger is fitted to, with copies in which names are exchanged and with the held-out documents; ``raw.npz``, sentences
of raw news that the fitted tagger will give its opinion on. The corpora themselves need not travel.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from pipeline.taggers.inputs import word_form
from pipeline.training.corpora import LabelledSentence
from pipeline.training.cuts import Cut, cut_sentence, write_cuts
from pipeline.training.examples import LABEL_IDS
from pipeline.training.pieces import write_text
from pipeline.training.sources import HEADS, held_out, labelled_words, raw_sentences
from pipeline.training.swap import Names, swapped


def labelled_cuts(
    spec: str, known: dict[str, int], names: Names | None, *, corpora: Path, gold: Path, seed: int = 0
) -> Iterator[Cut]:
    """The sentences of ``corpus[:weight]`` and, with ``names``, a copy of each with other names at half the weight."""
    name, _, share = spec.partition(":")
    head, weight = HEADS.index(name.removesuffix("+dev")), float(share or 1)
    rows = list(labelled_words(name, corpora, gold))
    for row in rows:
        yield from _cuts_of(row, known, head, weight, held_out(row.source))
    if names is not None:
        for row in swapped([row for row in rows if not held_out(row.source)], names, seed):
            yield from _cuts_of(row, known, head, weight / 2, held=False)


def _cuts_of(row: LabelledSentence, known: dict[str, int], head: int, weight: float, held: bool) -> Iterator[Cut]:
    forms = [word_form(word) or "." for word in row.words]
    yield from cut_sentence(forms, [LABEL_IDS.get(label, 0) for label in row.labels], known, head, weight, held)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", type=Path, required=True, help="folder written by pipeline.training.rawtext")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--size", type=int, default=16_000, help="pieces of the vocabulary")
    parser.add_argument("--megabytes", type=float, default=52, help="of the packed ids, at most")
    parser.add_argument("--sources", nargs="+", default=["gold:2", "cleananercorp"], help="corpus[:weight] ...")
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora/ner"))
    parser.add_argument("--gold", type=Path, default=Path("../shared/gold/train"))
    parser.add_argument("--gazetteers", type=Path, default=Path("pipeline/lexicons"))
    parser.add_argument("--more-names", type=Path, nargs="*", default=[], help="further files of persons, for training")
    parser.add_argument("--limit", type=int, default=1_400_000, help="raw words to give an opinion on")
    parser.add_argument("--seed", type=int, default=5)
    return parser


def main() -> None:
    """Write everything that must travel."""
    options = _parser().parse_args()
    print(write_text(options.text, options.output, size=options.size, megabytes=options.megabytes), flush=True)
    known = {piece: i for i, piece in enumerate((options.output / "pieces.txt").read_text("utf-8").split("\n"))}
    names = Names.load(options.gazetteers, options.more_names)
    places = {"corpora": options.corpora, "gold": options.gold}
    cuts = [cut for spec in options.sources for cut in labelled_cuts(spec, known, names, seed=options.seed, **places)]
    n_labelled = write_cuts(cuts, options.output / "labelled.npz", heads=HEADS)
    raw = list(raw_sentences(options.text, options.limit, options.seed))
    raw_cuts = [cut for forms in raw for cut in cut_sentence(forms, (), known, 0, 1.0, held=False)]
    n_raw = write_cuts(raw_cuts, options.output / "raw.npz", text=[" ".join(forms) for forms in raw])
    n_bytes = sum(path.stat().st_size for path in options.output.iterdir())
    print(f"{n_labelled} labelled and {n_raw} raw sentences; {n_bytes / 1e6:.1f} MB in {options.output}")


if __name__ == "__main__":
    main()

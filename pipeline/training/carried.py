"""All that a machine with a GPU needs, in one folder: ``python -m pipeline.training.carried --text DIR --output DIR``.

``pieces.txt`` and ``ids-*.xz`` (:mod:`pipeline.training.pieces`) are the raw text to pretrain on and to give opinions
on. ``labelled.npz`` is what taggers are fitted to: a stream a corpus, copies of it in which names are exchanged
(``gold~1``), the held-out documents (``gold-held``), and the development parts (``gold-dev``), to measure on. The
corpora themselves need not travel.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.taggers.inputs import word_form
from pipeline.training.corpora import LabelledSentence
from pipeline.training.examples import LABEL_IDS
from pipeline.training.pieces import write_text
from pipeline.training.sources import HEADS, held_out, labelled_words
from pipeline.training.streams import Stream, make_stream, write_streams
from pipeline.training.swap import Names, swap_names


def corpus_streams(
    spec: str, known: dict[str, int], names: Names, *, corpora: Path, gold: Path, seed: int = 0
) -> Iterator[Stream]:
    """The sentences of ``corpus[:copies]``, its copies with other names, and what is held out of it or to measure on.

    A corpus is named as :func:`pipeline.training.sources.labelled_words` takes it. Copies keep the order of sentences.
    """
    name, _, copies = spec.partition(":")
    plain = name.removesuffix("+dev")
    head = HEADS.index(plain)
    rows = list(labelled_words(name, corpora, gold))
    dev = [row for row in rows if row.source.startswith(f"{plain}-dev")]
    train = [row for row in rows if not row.source.startswith(f"{plain}-dev")]
    held = [row for row in train if held_out(row.source)]
    kept = [row for row in train if not held_out(row.source)]
    yield make_stream(plain, head, _numbered(kept), known)
    for copy in range(1, int(copies or 0) + 1):
        rng = random.Random(100 * seed + copy)  # noqa: S311  # not for secrets
        yield make_stream(f"{plain}~{copy}", head, _numbered([swap_names(r, names, rng) or r for r in kept]), known)
    for part, some in (("held", held), ("dev", dev)):
        if some:
            yield make_stream(f"{plain}-{part}", head, _numbered(some), known)


def _numbered(rows: Sequence[LabelledSentence]) -> Iterator[tuple[list[str], list[int]]]:
    for row in rows:
        yield [word_form(word) or "." for word in row.words], [LABEL_IDS.get(label, 0) for label in row.labels]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--text", type=Path, required=True, help="folder written by pipeline.training.rawtext")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--size", type=int, default=16_000, help="pieces of the vocabulary")
    parser.add_argument("--megabytes", type=float, default=100, help="of the packed ids, at most")
    parser.add_argument("--sources", nargs="+", default=["gold:4", "cleananercorp:2"], help="corpus[:copies] ...")
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora/ner"))
    parser.add_argument("--gold", type=Path, default=Path("../shared/gold/train"))
    parser.add_argument("--measured", type=Path, default=Path("../shared/gold/dev"), help="gold to measure on")
    parser.add_argument("--gazetteers", type=Path, default=Path("pipeline/lexicons"))
    parser.add_argument("--more-names", type=Path, nargs="*", default=[], help="further files of persons, for training")
    parser.add_argument("--seed", type=int, default=5)
    return parser


def main() -> None:
    """Write everything that must travel."""
    options = _parser().parse_args()
    print(write_text(options.text, options.output, size=options.size, megabytes=options.megabytes), flush=True)
    known = {piece: i for i, piece in enumerate((options.output / "pieces.txt").read_text("utf-8").split("\n"))}
    names = Names.load(options.gazetteers, options.more_names)
    places = {"corpora": options.corpora, "gold": options.gold}
    streams = [s for spec in options.sources for s in corpus_streams(spec, known, names, seed=options.seed, **places)]
    measured = list(labelled_words("gold", options.corpora, options.measured))
    streams.append(make_stream("gold-dev", HEADS.index("gold"), _numbered(measured), known))
    n_pieces = write_streams(streams, options.output / "labelled.npz", heads=HEADS)
    n_bytes = sum(path.stat().st_size for path in options.output.iterdir())
    names_of = ", ".join(f"{stream.name} {len(stream.ids)}" for stream in streams)
    print(f"{n_pieces} labelled pieces ({names_of}); {n_bytes / 1e6:.1f} MB in {options.output}")


if __name__ == "__main__":
    main()

"""Model cards with licences and scores: ``python -m pipeline.training.cards [FOLDER ...] [--shared ../shared]``.

A recipe writes a card with :func:`write_card`, without scores, for its weights are new. This command measures the
taggers that are made of a folder's files and writes what they reach into its card; without a folder, into all cards.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any

from pipeline import models
from pipeline.errors import ConfigError
from pipeline.evaluate import Counts, evaluate
from pipeline.evaluation.gold import read_gold
from pipeline.tagging import decode_bio
from pipeline.training.declared import licences_of
from pipeline.training.sources import read_rows

Score = Mapping[str, Any]

GOLD, BENCHMARK = "gold/dev", "anercorp/dev"
#: What is measured for the files of a folder: the taggers that read them, and on what.
MEASURED: Mapping[str, Sequence[tuple[str, str]]] = {
    "default": (("default", GOLD), ("network", GOLD)),
    "pieces": (("network", GOLD),),
    "stanza": (("stanza", GOLD),),
    "words": (),  # read for topics by anercorp-crf, which learned from the part that can be measured
    "clusters": (("crf", GOLD),),
    "crf": (("crf", GOLD),),
    "anercorp": (("anercorp", BENCHMARK),),
    "anercorp-crf": (("anercorp", BENCHMARK),),
    "meetings": (("default", GOLD),),
    "reader": (("default", GOLD),),
    "relations": (("default", GOLD),),
}
JUDGES = ("meetings", "reader", "relations")  # of these meetings and relations are measured, not the mentions


def write_card(folder: Path, *, kind: str, trained_on: Sequence[str], notes: str) -> None:
    """Write the card of a model that was just made: licences of its data, the command that runs, no scores yet."""
    licences = licences_of(trained_on)
    models.write_card(
        folder, kind=kind, trained_on=trained_on, notes=notes, licences=licences, recipe=_running_command()
    )


def _running_command() -> str:
    """The command as it was given; of a full path its last two parts, for the rest holds on one machine only."""
    module = getattr(sys.modules["__main__"], "__spec__", None)
    words = [f"python -m {module.name}" if module else Path(sys.argv[0]).name, *sys.argv[1:]]
    return " ".join("/".join(Path(word).parts[-2:]) if Path(word).is_absolute() else word for word in words)


def files_digest(folders: Iterable[str]) -> str:
    """One digest of all the files that the cards of these model folders name."""
    digest = blake2b(digest_size=16)
    for folder in sorted(set(folders)):
        for name, value in sorted(models.read_card(models.models_folder() / folder).files.items()):
            digest.update(f"{folder}/{name} {value}\n".encode())
    return digest.hexdigest()


def folders_of(tagger: str, folder: str) -> set[str]:
    """The folders on which a score of a folder hangs: the tagger's, and all that judge meetings where one does."""
    return {*models.tagger_folders(tagger), folder, *(JUDGES if folder in JUDGES else ())}


def score_rows(folder: str, shared: Path) -> list[Score]:
    """The scores of a model folder: F1 in percent by what was counted, of which files, and whether it was seen."""
    seen = models.read_card(models.models_folder() / folder).trained_on
    rows: list[Score] = []
    for tagger, data in MEASURED[folder]:
        counts = _on_gold(tagger, shared) if data == GOLD else _on_benchmark(tagger, shared)
        wanted = [name for name in counts if (folder in JUDGES) != name.startswith("mentions")]
        f1 = {name: round(100 * counts[name].f1, 1) for name in wanted}
        row = {"tagger": tagger, "on": data, "learned from it": data in seen, "f1": f1}
        rows.append(row | {"of": files_digest(folders_of(tagger, folder))})
    return rows


@lru_cache(maxsize=4)
def _on_gold(tagger: str, shared: Path) -> dict[str, Counts]:
    """Counts over the annotated articles, from their raw text."""
    from pipeline.training.report_eval import analyse_gold  # which imports the whole run

    found = analyse_gold(read_gold(shared / GOLD), models.load_tagger(tagger))
    return evaluate(found.gold, found.predicted()).counts


@lru_cache(maxsize=4)
def _on_benchmark(tagger: str, shared: Path) -> dict[str, Counts]:
    """Counts over ANERcorp's development sentences, as its own tokens stand."""
    rows = list(read_rows(shared / "corpora" / "ner" / f"{BENCHMARK}.conll", BENCHMARK))
    total: dict[str, Counts] = {}
    for prediction, row in zip(models.load_tagger(tagger).predict([r.words for r in rows]), rows, strict=True):
        for name in ("all", *sorted({label[2:] for label in (*row.labels, *prediction.labels)} - {""})):
            gold, found = (_spans(labels, name) for labels in (row.labels, prediction.labels))
            total.setdefault(f"mentions {name}", Counts()).add(gold, found)
    return dict(sorted(total.items()))


def _spans(labels: Sequence[str], kind: str) -> set[tuple[object, ...]]:
    return {span for span in decode_bio(labels) if kind in ("all", span[2])}


def score_card(folder: Path, shared: Path) -> list[Score]:
    """Measure, and write the card again with its files as they are now and the scores; its other lines stay."""
    _write_again(
        folder, models.read_card(folder).scores
    )  # so that the digest of the scores is of the files that are there
    rows = score_rows(folder.name, shared)
    _write_again(folder, rows)
    return rows


def _write_again(folder: Path, scores: Sequence[Score]) -> None:
    card = models.read_card(folder)
    models.write_card(
        folder,
        kind=card.kind,
        trained_on=card.trained_on,
        notes=card.notes,
        licences=licences_of(card.trained_on),
        recipe=card.recipe,
        scores=scores,
    )


def main() -> None:
    """Measure what is named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", help=f"of models/: {', '.join(MEASURED)}; all where none is named")
    parser.add_argument("--shared", type=Path, default=Path("../shared"))
    options = parser.parse_args()
    if unknown := set(options.folders) - set(MEASURED):
        raise ConfigError(f"no measure for {', '.join(sorted(unknown))}; choose among {', '.join(MEASURED)}")
    for folder in options.folders or MEASURED:
        for row in score_card(models.models_folder() / folder, options.shared):
            print(f"{folder}: {row['tagger']} on {row['on']}: {row['f1']}")


if __name__ == "__main__":
    main()

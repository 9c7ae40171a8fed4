"""A stanza NER model by stanza's own trainer, offline: ``python -m pipeline.training.stanza_ner --output DIR``.

It learns from the labelled corpora in the convention of the annotation guidelines, on the word vectors of
``models/words`` and characters, without the library's character language models. The checkpoint that the library
writes is a pickle; what is written to ``--output`` are its weights, matrices as bytes, and its settings as JSON,
which :func:`pipeline.taggers.stanza.load_stanza` hands back to the library. ``--keep`` also keeps the library's file.
"""

from __future__ import annotations

import argparse
import json
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from pipeline.models import file_digest
from pipeline.taggers.inputs import word_form
from pipeline.taggers.stanza import ROWS_FILE, SETTINGS_FILE, WEIGHTS_FILE, WORDS_FILE, write_vectors
from pipeline.taggers.vectors import as_bytes
from pipeline.training.cards import write_card
from pipeline.training.corpora import LabelledSentence
from pipeline.training.sources import held_out, labelled_words

SHORTHAND = "ar_liqa"
LONGEST = 100  # words; longer sentences are left out, for the trainer pads its batches
#: Settings of the library that name files and machines of the training; a loaded model needs the others.
LEFT_OUT = ("dir", "file", "name", "device")


def bioes(labels: Sequence[str]) -> list[str]:
    """BIO labels in the trainer's scheme.

    >>> bioes(["B-PER", "I-PER", "O", "B-LOC"])
    ['B-PER', 'E-PER', 'O', 'S-LOC']
    """
    made = []
    for label, after in zip(labels, [*labels[1:], "O"], strict=True):
        prefix, _, kind = label.partition("-")
        last = after != f"I-{kind}"
        made.append(f"{('S' if prefix == 'B' else 'E') if last else prefix}-{kind}" if kind else "O")
    return made


def write_sentences(sentences: Iterable[LabelledSentence], path: Path) -> int:
    """Write sentences as the trainer reads them, words in :func:`word_form`; how many were written."""
    rows = [
        [
            {"text": word_form(word) or ".", "ner": tag}
            for word, tag in zip(sentence.words, bioes(sentence.labels), strict=True)
        ]
        for sentence in sentences
        if 0 < len(sentence.words) <= LONGEST
    ]
    path.write_text(json.dumps(rows, ensure_ascii=False), "utf-8")
    return len(rows)


def train(folder: Path, words: Path, settings: Sequence[str]) -> Path:
    """The library's checkpoint after training on ``train.json`` and ``dev.json`` of the folder."""
    from stanza.models import ner_tagger

    write_vectors(words, folder / "vectors.pt")
    files = {"train_file": "train.json", "eval_file": "dev.json", "wordvec_pretrain_file": "vectors.pt"}
    arguments = [part for option, name in files.items() for part in (f"--{option}", str(folder / name))]
    fixed = [
        "--save_dir",
        str(folder),
        "--save_name",
        "model.pt",
        "--shorthand",
        SHORTHAND,
        "--cpu",
        "--no_emb_finetune",
    ]
    ner_tagger.main([*arguments, *fixed, *settings])
    return folder / "model.pt"


def convert(checkpoint: Path, output: Path, words: Path) -> None:
    """Write the checkpoint's weights and settings, and what word vectors it needs, as files that hold no pickle.

    The vocabulary of words that the library would fine-tune is left out: its vectors stayed zero.
    """
    stored: dict[str, Any] = torch.load(checkpoint, weights_only=True)
    output.mkdir(parents=True, exist_ok=True)
    weights = {name: value.numpy() for name, value in stored["model"].items() if name != "delta_emb.weight"}
    np.savez_compressed(output / WEIGHTS_FILE, **as_bytes(weights))
    vocab = stored["vocab"]
    settings = {
        "config": {name: value for name, value in stored["config"].items() if not name.endswith(LEFT_OUT)},
        "letters": vocab["char"]["_id2unit"],
        "labels": vocab["tag"]["_id2unit"][0],
        "words": file_digest(words / WORDS_FILE) + file_digest(words / ROWS_FILE),
    }
    (output / SETTINGS_FILE).write_text(json.dumps(settings, ensure_ascii=False, indent=1) + "\n", "utf-8")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", nargs="+", default=["gold", "cleananercorp"])
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora/ner"))
    parser.add_argument("--gold", type=Path, default=Path("../shared/gold/train"))
    parser.add_argument("--words", type=Path, default=Path("models/words"))
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--keep", type=Path, help="keep the library's own checkpoint here")
    parser.add_argument("--steps", type=int, default=9_000)
    parser.add_argument("--hidden", type=int, default=200)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--threads", type=int, default=2)
    return parser


def main() -> None:
    """Write the sentences, train, convert."""
    options = _parser().parse_args()
    torch.set_num_threads(options.threads)
    every = [
        row for name in options.sources for row in labelled_words(name, options.corpora, options.gold, mapped=True)
    ]
    with tempfile.TemporaryDirectory(prefix="liqa-stanza-") as place:
        folder = Path(place)
        n_train = write_sentences((row for row in every if not held_out(row.source)), folder / "train.json")
        n_dev = write_sentences((row for row in every if held_out(row.source)), folder / "dev.json")
        print(f"{n_train} sentences to learn from, {n_dev} to choose the best step", flush=True)
        settings = {"max_steps": options.steps, "hidden_dim": options.hidden, "lr": options.rate, "optim": "adam"}
        settings |= {"eval_interval": max(1, options.steps // 24), "patience": 2, "log_step": 200, "dropout": 0.4}
        arguments = [part for name, value in settings.items() for part in (f"--{name}", str(value))]
        checkpoint = train(folder, options.words, arguments)
        if options.keep is not None:
            shutil.copyfile(checkpoint, options.keep)
        convert(checkpoint, options.output, options.words)
    notes = f"stanza's NER tagger, {options.steps} steps at most, vectors of models/words, no character language model"
    learned = ["gold/train" if name == "gold" else name for name in options.sources]
    write_card(options.output, kind="stanza", trained_on=learned, notes=notes)


if __name__ == "__main__":
    main()

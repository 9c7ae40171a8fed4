"""Words per second, peak memory and load time of our taggers beside CAMeL's and stanza's.

``python -m benchmarks.tagging [--input FOLDER]``: all tag the same sentences (the folder's texts, by default
``data/raw``, over again where they are too few) with the same number of threads, each in a process of its own.
``mentions`` is the default tagger with all that follows it in the tagging stage.

The peers' models cannot be fetched without a network, so they get random weights of the same size: BERT-base for
CAMeL's ``NERecognizer``, and for stanza its default Arabic architecture (two character language models of 1024 units,
a tagger of 256). What a model costs does not depend on its weights. The slow ones read fewer sentences.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.run import open_tagger
from pipeline.schema import Analysis, Document
from pipeline.segment import split_sentences
from pipeline.tagging import find_mentions

ROOT = Path(__file__).resolve().parent.parent

Words = list[list[str]]
Predict = Callable[[Sequence[Analysis]], object]
BERT_BASE = {"vocab_size": 30000, "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12}
LABELS = ("B-LOC", "B-ORG", "B-PERS", "B-MISC", "I-LOC", "I-ORG", "I-PERS", "I-MISC", "O")
SEED = 20250101


def main() -> None:
    """Measure each tagger in a process of its own and print the table and the ratios."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--words", type=int, default=60_000, help="words for our taggers")
    parser.add_argument("--slow-words", type=int, default=800, help="words for the peers")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--input", type=Path, default=ROOT / "data" / "raw", help="folder of .txt files")
    parser.add_argument("--taggers", nargs="*", default=["mentions", "default", "camel", "camel-adapter", "stanza"])
    parser.add_argument("--measure", metavar="TAGGER", help=argparse.SUPPRESS)
    parser.add_argument("--models", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.measure:
        print(json.dumps(measure(options)))
        return
    with tempfile.TemporaryDirectory(prefix="liqa-bench-") as folder:
        rows = {name: _in_own_process(name, options, Path(folder)) for name in options.taggers}
    print(f"{'tagger':16}{'words/s':>10}{'words':>8}{'load s':>8}{'peak MB':>9}   threads: {options.threads}")
    for name, row in rows.items():
        print(f"{name:16}{row['speed']:10.0f}{row['words']:8.0f}{row['load']:8.2f}{row['peak']:9.0f}")
    ours = options.taggers[0]
    for name in options.taggers[1:]:
        print(f"{ours} / {name}: {rows[ours]['speed'] / rows[name]['speed']:.3g} times as fast")


def _in_own_process(name: str, options: argparse.Namespace, folder: Path) -> dict[str, float]:
    slow = name.startswith(("camel", "stanza"))
    n_words = options.slow_words if slow else options.words
    if slow:
        _make(name, folder, words_of(sample(options.input, 20_000)))
    arguments = ["--measure", name, "--words", str(n_words), "--threads", str(options.threads)]
    arguments += ["--models", str(folder), "--input", str(options.input.resolve())]
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.tagging", *arguments], check=True, capture_output=True, text=True, cwd=ROOT
    )
    row: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return row


def measure(options: argparse.Namespace) -> dict[str, float]:
    """Load one tagger, tag about ``options.words`` words after a warm-up of one sentence; seconds are wall-clock."""
    documents = sample(options.input, options.words)
    began = time.perf_counter()
    predict = _load(options.measure, options.models)
    loaded = time.perf_counter() - began
    if "torch" in sys.modules:
        import torch

        torch.set_num_threads(options.threads)
    predict(documents[:1])
    began = time.perf_counter()
    predict(documents)
    seconds = time.perf_counter() - began
    n_words = sum(len(sentence.tokens) for document in documents for sentence in document.sentences)
    peak = peak_megabytes()
    return {"speed": n_words / seconds, "words": n_words, "load": loaded, "peak": peak}


def peak_megabytes() -> float:
    """The most memory that this process ever held; what its parent held before does not count, where Linux tells."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().split("VmHWM:")[1].split()[0]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def sample(folder: Path, n_words: int) -> list[Analysis]:
    """The folder's texts cut into sentences, over again until there are ``n_words`` words; the last one is cut off."""
    if not any(folder.glob("*.txt")):
        raise SystemExit(f"{folder}: no .txt file; name a folder of articles with --input")
    texts = [path.read_text("utf-8") for path in sorted(folder.glob("*.txt"))]
    documents = [Analysis(Document(str(i), text)) for i, text in enumerate(texts)]
    cut = [replace(document, sentences=split_sentences(document)) for document in documents]
    taken: list[Analysis] = []
    left = n_words
    while left > 0:
        for document in cut:
            sentences = []
            for sentence in document.sentences:
                if left > 0:
                    sentences.append(sentence)
                    left -= len(sentence.tokens)
            taken.append(replace(document, sentences=tuple(sentences)))
    return [document for document in taken if document.sentences]


def words_of(documents: Sequence[Analysis]) -> Words:
    """The normalised words of all sentences."""
    return [[token.norm for token in sentence.tokens] for document in documents for sentence in document.sentences]


def _load(name: str, models: Path) -> Predict:
    if name == "camel":
        from pipeline.taggers.camel import import_camel_ner

        recognizer = import_camel_ner().NERecognizer(str(models / "bert"), use_gpu=False)
        return lambda documents: recognizer.predict(words_of(documents))
    paths = {"camel-adapter": f"camel:{models / 'bert'}", "stanza": f"stanza:{models / 'stanza' / 'ner.pt'}"}
    tagger = open_tagger({"mentions": "default", **paths}.get(name, name))
    if name == "mentions":
        return lambda documents: [find_mentions([document], tagger) for document in documents]
    return lambda documents: tagger.predict(words_of(documents))


def _make(name: str, folder: Path, sentences: Words) -> None:
    if name == "stanza":
        make_stanza(folder / "stanza", sentences)
    elif not (folder / "bert").exists():
        make_bert(folder / "bert", sentences)


def make_bert(folder: Path, sentences: Words) -> None:
    """A BERT token classifier of base size with random weights and a vocabulary of the sample's words and letters."""
    import torch
    from transformers import BertConfig, BertForTokenClassification, BertTokenizer

    torch.manual_seed(SEED)
    folder.mkdir()
    letters = sorted({letter for words in sentences for word in words for letter in word})
    words = sorted({word for sentence in sentences for word in sentence})
    pieces = [
        "[PAD]",
        "[UNK]",
        "[CLS]",
        "[SEP]",
        "[MASK]",
        *dict.fromkeys([*letters, *("##" + x for x in letters), *words]),
    ]
    (folder / "vocab.txt").write_text("\n".join(pieces) + "\n", "utf-8")
    labels = dict(enumerate(LABELS))
    config = BertConfig(**BERT_BASE, id2label=labels, label2id={label: i for i, label in labels.items()})
    BertForTokenClassification(config).save_pretrained(folder)
    BertTokenizer(str(folder / "vocab.txt"), do_lower_case=False).save_pretrained(folder)


def make_stanza(folder: Path, sentences: Words) -> None:
    """A stanza NER model with its default Arabic sizes: charlms of random weights, a tagger after one training step."""
    import torch
    from stanza.models import ner_tagger
    from stanza.models.common.char_model import CharacterLanguageModel
    from stanza.models.common.vocab import CharVocab

    torch.manual_seed(SEED)
    folder.mkdir()
    letters = sorted({letter for words in sentences for word in words for letter in word} | {" ", "\n"})
    settings = {"char_emb_dim": 100, "char_hidden_dim": 1024, "char_num_layers": 1, "char_dropout": 0.05}
    for direction in ("forward", "backward"):
        charlm = CharacterLanguageModel(
            {**settings, "char_rec_dropout": 0.0}, {"char": CharVocab([letters])}, is_forward_lm=direction == "forward"
        )
        charlm.save(str(folder / f"{direction}_charlm.pt"))
    kinds = ["S-PER", "S-LOC", "S-ORG", "O"]
    rows = [[{"text": w, "ner": kinds[min(i, 3)]} for i, w in enumerate(words)] for words in sentences[:4]]
    (folder / "train.json").write_text(json.dumps(rows), "utf-8")
    arguments = ["--train_file", "train.json", "--eval_file", "train.json", "--save_dir", "", "--save_name", "ner.pt"]
    arguments = [str(folder / a) if a.endswith(".json") or a == "" else a for a in arguments]
    charlms = ["--charlm", "--charlm_shorthand", "ar_random", "--shorthand", "ar_random"]
    charlms += ["--charlm_forward_file", str(folder / "forward_charlm.pt")]
    charlms += ["--charlm_backward_file", str(folder / "backward_charlm.pt")]
    ner_tagger.main([*arguments, *charlms, "--max_steps", "1", "--eval_interval", "1", "--no_pretrain", "--cpu"])


if __name__ == "__main__":
    main()

"""CAMeL's ``NERecognizer`` as a tagger: any folder with a BERT token-classification model, labels as in ANERcorp.

torch, transformers and ``camel_tools.ner`` are imported only when such a tagger is made. The library pads every
sentence to 256 word pieces; this adapter runs the same model on batches of like length instead, with the same answers.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import AlignmentError, ModelError
from pipeline.taggers.inputs import word_form
from pipeline.tagging import Prediction

_TYPES = {"PERS": "PER", "PER": "PER", "LOC": "LOC", "ORG": "ORG"}  # MISC is no mention of ours
_MAX_PIECES = 510  # at most: BERT's 512 positions without [CLS] and [SEP]
_PIECES_PER_BATCH = 4096
_EMPTY_CATALOGUE = {"version": "0", "packages": {}, "components": {}}
_FETCH = "run 'liqa models fetch camel' with a network, or name a model folder: camel:FOLDER"


def our_label(label: str) -> str:
    """The library's label in our types; ``O`` for a type that we do not have.

    >>> our_label("B-PERS"), our_label("I-MISC")
    ('B-PER', 'O')
    """
    prefix, _, kind = label.partition("-")
    return f"{prefix}-{_TYPES[kind]}" if kind in _TYPES else "O"


def import_camel_ner() -> Any:
    """The module ``camel_tools.ner``, imported without a network.

    The library fetches its catalogue at import where it finds none. Where the user has no catalogue, it is shown an
    empty one for the time of the import; a model is then given by its folder.
    """
    folder = Path(os.environ.get("CAMELTOOLS_DATA") or Path.home() / ".camel_tools").expanduser()
    if (folder / "catalogue.json").is_file():
        import camel_tools.ner

        return camel_tools.ner
    before = os.environ.get("CAMELTOOLS_DATA")
    with tempfile.TemporaryDirectory(prefix="liqa-camel-") as stand_in:
        (Path(stand_in) / "catalogue.json").write_text(json.dumps(_EMPTY_CATALOGUE), "utf-8")
        os.environ["CAMELTOOLS_DATA"] = stand_in
        try:
            import camel_tools.ner
        finally:
            if before is None:
                del os.environ["CAMELTOOLS_DATA"]
            else:
                os.environ["CAMELTOOLS_DATA"] = before
    return camel_tools.ner


class CamelTagger:
    """Runs the model of an ``NERecognizer``; confidences are the probabilities of its softmax, not calibrated."""

    def __init__(self, folder: Path) -> None:
        self.name = f"camel:{folder}"
        self._recognizer = import_camel_ner().NERecognizer(str(folder), use_gpu=False)
        self._recognizer.model.eval()
        config = self._recognizer.model.config
        self._longest = min(_MAX_PIECES, int(config.max_position_embeddings) - 2)
        # A model of pipeline.training.transformer_export knows words in that spelling alone, and says so.
        self._spelling = word_form if getattr(config, "spelling", None) == "word_form" else str

    def predict(self, sentences: Sequence[Sequence[str]]) -> list[Prediction]:
        """The labels of each sentence; a word that the vocabulary cannot cut is one unknown piece, never lost."""
        pieces = [[self._cut(word) for word in words] for words in sentences]
        answers: list[list[tuple[str, float]]] = [[] for _ in sentences]
        chunks = [(i, chunk) for i, words in enumerate(pieces) for chunk in _chunks(words, self._longest)]
        by_length = sorted(range(len(chunks)), key=lambda c: (sum(map(len, chunks[c][1])), c))
        labelled: dict[int, list[tuple[str, float]]] = {}
        for batch in _batches(by_length, [sum(map(len, words)) for _, words in chunks]):
            labelled.update(zip(batch, self._label([chunks[c][1] for c in batch]), strict=True))
        for c, (sentence, _) in enumerate(chunks):
            answers[sentence] += labelled[c]
        return [self._prediction(words, answer) for words, answer in zip(sentences, answers, strict=True)]

    def _cut(self, word: str) -> list[str]:
        tokenizer = self._recognizer.tokenizer
        pieces: list[str] = tokenizer.tokenize(self._spelling(word))
        return pieces[: self._longest] or [tokenizer.unk_token]

    def _label(self, batch: Sequence[Sequence[Sequence[str]]]) -> Iterator[list[tuple[str, float]]]:
        import torch

        tokenizer = self._recognizer.tokenizer
        rows = [[tokenizer.cls_token, *(p for word in words for p in word), tokenizer.sep_token] for words in batch]
        width = max(map(len, rows))
        ids = torch.full((len(rows), width), tokenizer.pad_token_id)
        mask = torch.zeros((len(rows), width), dtype=torch.long)
        for r, row in enumerate(rows):
            ids[r, : len(row)] = torch.tensor(tokenizer.convert_tokens_to_ids(row))
            mask[r, : len(row)] = 1
        with torch.inference_mode():
            logits = self._recognizer.model(input_ids=ids, attention_mask=mask)[0]
        best, label_ids = logits.softmax(-1).max(-1)
        for r, words in enumerate(batch):
            answer, at = [], 1
            for word in words:
                label = self._recognizer.labels_map[int(label_ids[r, at])]
                answer.append((our_label(label), float(best[r, at])))
                at += len(word)
            yield answer

    def _prediction(self, words: Sequence[str], answer: Sequence[tuple[str, float]]) -> Prediction:
        if len(answer) != len(words):
            raise AlignmentError(f"{self.name}: {len(answer)} labels for {len(words)} words {words}; report it")
        return Prediction(tuple(label for label, _ in answer), tuple(confidence for _, confidence in answer))


def _chunks(words: list[list[str]], longest: int) -> Iterator[list[list[str]]]:
    chunk: list[list[str]] = []
    size = 0
    for word in words:
        if chunk and size + len(word) > longest:
            yield chunk
            chunk, size = [], 0
        chunk.append(word)
        size += len(word)
    if chunk:
        yield chunk


def _batches(order: Sequence[int], sizes: Sequence[int]) -> Iterator[list[int]]:
    batch: list[int] = []
    for c in order:  # shortest first, so the newest is the widest
        if batch and (len(batch) + 1) * (sizes[c] + 2) > _PIECES_PER_BATCH:
            yield batch
            batch = []
        batch.append(c)
    if batch:
        yield batch


def load_camel(argument: str = "") -> CamelTagger:
    """The tagger of a model folder, or of the model that ``liqa models fetch camel`` put in the library's own place."""
    folder = Path(argument) if argument else fetched_folder()
    if not (folder / "config.json").is_file():
        raise ModelError(f"camel: no BERT model in {folder} (no config.json); {_FETCH}")
    return CamelTagger(folder)


def fetched_folder() -> Path:
    """Where the library keeps its default NER model; raises ModelError where its catalogue is not there."""
    folder = Path(os.environ.get("CAMELTOOLS_DATA") or Path.home() / ".camel_tools").expanduser()
    catalogue = folder / "catalogue.json"
    if not catalogue.is_file():
        raise ModelError(f"camel: no catalogue in {folder}; {_FETCH}")
    component = json.loads(catalogue.read_text("utf-8"))["components"].get("NamedEntityRecognition")
    if component is None:
        raise ModelError(f"camel: the catalogue in {folder} names no NER model; {_FETCH}")
    return folder / "data" / str(component["datasets"][component["default"]]["path"])


def fetch_camel() -> Path:
    """The folder of the default model, after the library's own downloader has put it there; raises ModelError."""
    try:
        from camel_tools.data import CATALOGUE

        CATALOGUE.download_package("ner-arabert", recursive=True)
    except Exception as error:  # whatever the library and its network code raise, the remedy is one
        raise ModelError(
            f"camel: the library's download failed ({type(error).__name__}); try again with a network"
        ) from error
    return fetched_folder()

"""A stanza NER model as a tagger: the library's own pipeline on our words, never on its own tokens.

stanza and torch are imported only when such a tagger is made, nothing is downloaded, and its repair of tag sequences
is undone: BIOES becomes BIO, and names are decoded by :func:`pipeline.tagging.decode_bio`. No probabilities are
offered by the library's decoder, so every label bears the same confidence.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.errors import AlignmentError, ModelError
from pipeline.tagging import Prediction

_TYPES = {"PER": "PER", "PERS": "PER", "LOC": "LOC", "ORG": "ORG"}  # MISC is no mention of ours
_CONFIDENCE = 0.8  # of a label; the library's decoder gives none
_RESOURCES = {"ar": {"lang_name": "Arabic", "packages": {}}}  # the library wants the file even with every path given
_COMPANIONS = {
    "ner_forward_charlm_path": "*forward*.pt",
    "ner_backward_charlm_path": "*backward*.pt",
    "ner_pretrain_path": "*pretrain*.pt",
}
_FETCH = "run 'liqa models fetch stanza' with a network, or name a model: stanza:MODEL.pt"


def bio_label(tag: str) -> str:
    """The library's BIOES tag as BIO in our types; ``O`` for a type that we do not have.

    >>> bio_label("S-PER"), bio_label("E-LOC"), bio_label("B-MISC")
    ('B-PER', 'I-LOC', 'O')
    """
    prefix, _, kind = tag.partition("-")
    return f"{'B' if prefix in 'BS' else 'I'}-{_TYPES[kind]}" if kind in _TYPES else "O"


class StanzaTagger:
    """Runs a stanza pipeline of pretokenised sentences and NER."""

    def __init__(self, name: str, stanza_pipeline: Any) -> None:
        self.name = name
        self._pipeline = stanza_pipeline

    def predict(self, sentences: Sequence[Sequence[str]]) -> list[Prediction]:
        """The labels of each sentence; an empty sentence is not sent."""
        words = [list(sentence) for sentence in sentences if sentence]
        if not words:
            return [Prediction((), ()) for _ in sentences]
        document = self._pipeline(words)
        if len(document.sentences) != len(words):
            raise AlignmentError(f"{self.name}: {len(document.sentences)} answers to {len(words)} sentences; report it")
        answers = iter(document.sentences)
        return [self._prediction(sentence, next(answers)) if sentence else Prediction((), ()) for sentence in sentences]

    def _prediction(self, words: Sequence[str], answer: Any) -> Prediction:
        labels = tuple(bio_label(token.ner or "O") for token in answer.tokens)
        if len(labels) != len(words):
            raise AlignmentError(f"{self.name}: {len(labels)} labels for {len(words)} words {words}; report it")
        return Prediction(labels, (_CONFIDENCE,) * len(labels))


def load_stanza(argument: str = "") -> StanzaTagger:
    """The tagger of a model file, or of the Arabic model that ``liqa models fetch stanza`` put in the library's place.

    Beside the file may lie what the model was trained with: ``*forward*.pt``, ``*backward*.pt``, ``*pretrain*.pt``.
    """
    return _load_file(Path(argument)) if argument else _load_fetched()


def _load_file(model: Path) -> StanzaTagger:
    if not model.is_file():
        raise ModelError(f"stanza: no model file {model}; {_FETCH}")
    companions = {}
    for setting, pattern in _COMPANIONS.items():
        found = sorted(path for path in model.parent.glob(pattern) if path != model)
        if found:
            companions[setting] = str(found[0])
    with tempfile.TemporaryDirectory(prefix="liqa-stanza-") as folder:
        (Path(folder) / "resources.json").write_text(json.dumps(_RESOURCES), "utf-8")
        return StanzaTagger(f"stanza:{model}", _build(dir=folder, ner_model_path=str(model), **companions))


def _load_fetched() -> StanzaTagger:
    from stanza.resources.common import DEFAULT_MODEL_DIR

    folder = Path(DEFAULT_MODEL_DIR)
    if not (folder / "resources.json").is_file() or not any(folder.glob("ar/ner/*.pt")):
        raise ModelError(f"stanza: no Arabic NER model in {folder}; {_FETCH}")
    return StanzaTagger("stanza", _build(dir=str(folder)))


def _build(**settings: str) -> Any:
    import stanza

    try:
        return stanza.Pipeline(
            "ar",
            processors="tokenize,ner",
            tokenize_pretokenized=True,
            download_method=None,
            use_gpu=False,
            verbose=False,
            **settings,
        )
    except Exception as error:  # the library raises what torch, pickle and json raise, over many lines
        raise ModelError(f"stanza: the model cannot be loaded ({type(error).__name__}); {_FETCH}") from error


def fetch_stanza() -> Path:
    """The folder of the Arabic models, after the library's own downloader has put them there; raises ModelError."""
    import stanza
    from stanza.resources.common import DEFAULT_MODEL_DIR

    try:
        stanza.download("ar", processors="tokenize,ner", verbose=False)
    except Exception as error:  # the library lets every error of requests and of its own through
        reason = type(error).__name__
        raise ModelError(f"stanza: the library's download failed ({reason}); try again with a network") from error
    return Path(DEFAULT_MODEL_DIR)

"""A stanza NER model as a tagger: the library's own pipeline on our words, never on its own tokens.

stanza and torch are imported only when such a tagger is made, nothing is downloaded, and its repair of tag sequences
is undone: BIOES becomes BIO, and names are decoded by :func:`pipeline.tagging.decode_bio`. No probabilities are
offered by the library's decoder, so every label bears the same confidence.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pipeline.errors import AlignmentError, ModelError
from pipeline.models import models_folder, verify_model
from pipeline.taggers.inputs import word_form
from pipeline.taggers.vectors import Vectors, from_bytes
from pipeline.tagging import Prediction

_TYPES = {"PER": "PER", "PERS": "PER", "LOC": "LOC", "ORG": "ORG"}  # MISC is no mention of ours
_CONFIDENCE = 0.8  # of a label; the library's decoder gives none
_RESOURCES = {"ar": {"lang_name": "Arabic", "packages": {}}}  # the library wants the file even with every path given
_COMPANIONS = {
    "ner_forward_charlm_path": "*forward*.pt",
    "ner_backward_charlm_path": "*backward*.pt",
    "ner_pretrain_path": "*pretrain*.pt",
}
_FETCH = "run 'liqa models fetch stanza' with a network and name it stanza:fetched, or name a model: stanza:MODEL.pt"
FETCHED = "fetched"  # stanza:fetched is the model of the library's own downloader
WEIGHTS_FILE, SETTINGS_FILE = "weights.npz", "settings.json"
WORDS_FILE, ROWS_FILE = "words.txt", "rows.npy"
_VOCABULARIES = ("CharVocab", "WordVocab", "CompositeVocab", "PretrainedWordVocab")  # classes of the library
_SPECIAL = ["<PAD>", "<UNK>", "<EMPTY>", "<ROOT>"]  # what the library's vocabularies begin with


def bio_label(tag: str) -> str:
    """The library's BIOES tag as BIO in our types; ``O`` for a type that we do not have.

    >>> bio_label("S-PER"), bio_label("E-LOC"), bio_label("B-MISC")
    ('B-PER', 'I-LOC', 'O')
    """
    prefix, _, kind = tag.partition("-")
    return f"{'B' if prefix in 'BS' else 'I'}-{_TYPES[kind]}" if kind in _TYPES else "O"


class StanzaTagger:
    """Runs a stanza pipeline of pretokenised sentences and NER."""

    def __init__(self, name: str, stanza_pipeline: Any, spelling: Callable[[str], str] = str) -> None:
        self.name = name
        self._pipeline = stanza_pipeline
        self._spelling = spelling

    def predict(self, sentences: Sequence[Sequence[str]]) -> list[Prediction]:
        """The labels of each sentence; an empty sentence is not sent."""
        words = [[self._spelling(word) or "." for word in sentence] for sentence in sentences if sentence]
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
    """The tagger of a model file, of a folder of :mod:`pipeline.training.stanza_ner`, or of what was fetched.

    Beside a file may lie what the model was trained with: ``*forward*.pt``, ``*backward*.pt``, ``*pretrain*.pt``.
    Without an argument it is ``models/stanza`` where there is one, else the Arabic model that ``liqa models fetch
    stanza`` put in the library's place, which ``fetched`` names too.
    """
    shipped = models_folder() / "stanza"
    if not argument and (shipped / SETTINGS_FILE).is_file():
        return _load_folder(shipped, "stanza")
    if argument in ("", FETCHED):
        return _load_fetched()
    place = Path(argument)
    return _load_folder(place, f"stanza:{place}") if place.is_dir() else _load_file(place)


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


def _load_folder(folder: Path, name: str) -> StanzaTagger:
    """The library reads pickles alone; it gets one made here of arrays and JSON, in a folder that goes again."""
    verify_model(folder)
    words = verify_model(models_folder() / "words").files
    if json.loads((folder / SETTINGS_FILE).read_text("utf-8")).get("words") != words[WORDS_FILE] + words[ROWS_FILE]:
        raise ModelError(f"{folder}: made with other word vectors than {models_folder() / 'words'}; train it anew")
    with tempfile.TemporaryDirectory(prefix="liqa-stanza-") as place:
        write_vectors(models_folder() / "words", Path(place) / "vectors.pt")
        write_checkpoint(folder, Path(place) / "model.pt")
        (Path(place) / "resources.json").write_text(json.dumps(_RESOURCES), "utf-8")
        paths = {"ner_model_path": f"{place}/model.pt", "ner_pretrain_path": f"{place}/vectors.pt"}
        return StanzaTagger(name, _build(dir=place, **paths), word_form)


def write_vectors(words: Path, path: Path) -> None:
    """Write the listed word vectors of a folder as the library's vector file."""
    import torch

    vectors = Vectors.load(words, subwords=False)
    listed = (words / WORDS_FILE).read_text("utf-8").split("\n")
    rows = np.stack([np.zeros(vectors.size, np.float32)] * len(_SPECIAL) + [vectors.of(word) for word in listed])
    torch.save({"vocab": _vocab("", 0, [*_SPECIAL, *listed]), "emb": torch.from_numpy(rows)}, path)


def write_checkpoint(folder: Path, path: Path) -> None:
    """Write a folder of :mod:`pipeline.training.stanza_ner` as the library's checkpoint."""
    import torch

    settings = json.loads((folder / SETTINGS_FILE).read_text("utf-8"))
    weights = {name: torch.from_numpy(values) for name, values in from_bytes(folder / WEIGHTS_FILE).items()}
    config = settings["config"]
    language, labels = config["shorthand"], settings["labels"]
    weights["delta_emb.weight"] = torch.zeros(len(_SPECIAL), config["word_emb_dim"])
    tags = _vocab(language, 0, labels) | {"sep": None, "keyed": False}
    tags |= {"_unit2id": {0: tags["_unit2id"]}, "_id2unit": {0: labels}}
    listed = (models_folder() / "words" / WORDS_FILE).read_text("utf-8").split("\n")
    vocab = {
        "char": _vocab(language, 0, settings["letters"]),
        "delta": _vocab(language, 1, _SPECIAL) | {"lower": True, "ignore": []},
        "tag": tags,
        "word": _vocab("", 0, [*_SPECIAL, *listed]),
        "_key2class": dict(zip(("char", "delta", "tag", "word"), _VOCABULARIES, strict=True)),
    }
    torch.save({"model": weights, "vocab": vocab, "config": config}, path)


def _vocab(language: str, cutoff: int, units: list[str]) -> dict[str, Any]:
    ids = {unit: i for i, unit in enumerate(units)}
    return {"lang": language, "idx": 0, "cutoff": cutoff, "lower": False, "_unit2id": ids, "_id2unit": units}


def _load_fetched() -> StanzaTagger:
    from stanza.resources.common import DEFAULT_MODEL_DIR

    folder = Path(DEFAULT_MODEL_DIR)
    if not (folder / "resources.json").is_file() or not any(folder.glob("ar/ner/*.pt")):
        raise ModelError(f"stanza: no Arabic NER model in {folder}; {_FETCH}")
    return StanzaTagger(f"stanza:{FETCHED}", _build(dir=str(folder)))


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

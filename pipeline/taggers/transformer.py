"""A transformer of :mod:`pipeline.training.finetune_gpu` as a tagger, run by ONNX Runtime: ``transformer:FOLDER``.

A folder holds ``graph.onnx``, ``pieces.txt`` and ``settings.json`` (labels and calibration). Slower than the shipped
taggers, which such a model teaches.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from pipeline.errors import ConfigError, ModelError
from pipeline.models import verify_model
from pipeline.taggers.inputs import Gazetteer
from pipeline.taggers.neural import NeuralTagger
from pipeline.taggers.vectors import Vectors
from pipeline.taggers.wordpieces import END, PAD, cut_forms, windows

Floats = npt.NDArray[np.float32]

GRAPH_FILE, PIECES_FILE, SETTINGS_FILE = "graph.onnx", "pieces.txt", "settings.json"
_AT_ONCE = 4096  # pieces of a batch


class TransformerTagger(NeuralTagger):
    """Labels words by their first pieces; decoding and confidences are those of the shipped networks."""

    def __init__(self, name: str, session: Any, pieces: list[str], settings: dict[str, Any]) -> None:
        super().__init__(name, (session,), _no_vectors(), Gazetteer({}, {}), settings)
        self._session = session
        self._known = {piece: i for i, piece in enumerate(pieces)}

    def _scores(self, sentences: list[list[str]]) -> tuple[Floats, npt.NDArray[np.int32]]:
        lengths = np.array([len(forms) for forms in sentences], np.int32)
        scores = np.zeros((int(lengths.max()), len(sentences), len(self.labels)), np.float32)
        cut = [cut_forms(forms, self._known) for forms in sentences]
        parts = [(i, start, cut[i][start:end]) for i in range(len(cut)) for start, end in windows(cut[i])]
        parts.sort(key=lambda part: sum(map(len, part[2])))
        while parts:
            widest = sum(map(len, parts[-1][2])) + 2
            batch, parts = parts[-max(1, _AT_ONCE // widest) :], parts[: -max(1, _AT_ONCE // widest)]
            ids = np.full((len(batch), widest), PAD, np.int64)
            for row, (_, _, words) in enumerate(batch):
                flat = [END, *(piece for word in words for piece in word), END]
                ids[row, : len(flat)] = flat
            (found,) = self._session.run(["log_probabilities"], {"ids": ids})
            for row, (i, start, words) in enumerate(batch):
                firsts = np.cumsum([1, *(len(word) for word in words[:-1])])
                scores[start : start + len(words), i] = found[row, firsts]
        return scores, lengths


def _no_vectors() -> Vectors:
    rows, scales = np.zeros((1, 1), np.int8), np.ones(1, np.float16)
    return Vectors([""], rows, scales, rows, scales)


def load_transformer(argument: str) -> TransformerTagger:
    """The tagger of a folder; ConfigError where none is named, ModelError where its files are missing or broken."""
    if not argument:
        raise ConfigError("tagger 'transformer' needs a folder; write transformer:FOLDER")
    folder = Path(argument)
    verify_model(folder)
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 2
    options.inter_op_num_threads = 1
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        settings = json.loads((folder / SETTINGS_FILE).read_text("utf-8"))
        pieces = (folder / PIECES_FILE).read_text("utf-8").split("\n")
        graph = str(folder / GRAPH_FILE)
        session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # onnxruntime raises its own family, which has no common public base
        raise ModelError(f"{folder}: the model cannot be loaded: {error}; export it again") from error
    return TransformerTagger(f"transformer:{folder}", session, pieces, settings)

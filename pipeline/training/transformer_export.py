"""A fitted transformer as a tagger's folder: ``python -m pipeline.training.transformer_export --tagger DIR ...``.

Writes an 8-bit ONNX graph, packed, with its labels, calibration and card, and the vectors of pieces there or in a
folder that several share; no torch is needed to read them.
"""

from __future__ import annotations

import argparse
import gzip
import json
from collections.abc import Sequence
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from pipeline.models import file_digest
from pipeline.taggers.transformer import (
    GRAPH_FILE,
    PIECES_FILE,
    PLAIN_GRAPH_FILE,
    ROWS_FILE,
    SCALES_FILE,
    SETTINGS_FILE,
    TransformerTagger,
    open_transformer,
)
from pipeline.taggers.vectors import quantize
from pipeline.tagging import decode_bio
from pipeline.training.calibrate import platt
from pipeline.training.cards import write_card
from pipeline.training.corpora import LabelledSentence
from pipeline.training.examples import LABELS
from pipeline.training.export import Graph
from pipeline.training.sources import HEADS, held_out, labelled_words
from pipeline.training.transformer import PieceTagger, Sizes, load_tagger, turns_of

Floats = npt.NDArray[np.float32]
Weights = dict[str, Floats]

_EPSILON = 1e-5  # of torch's layer norm
MARK_VECTORS = "mark_vectors"
"""The constant of a reader's graph that holds the vectors of marks."""
_BYTES = "_quantized"  # how quantize_dynamic marks the names of matrices


def weights_of(tagger: PieceTagger) -> Weights:
    """The tagger's weights by name, the encoder's without their prefix."""
    return {name.removeprefix("encoder."): value.float().numpy() for name, value in tagger.state_dict().items()}


def add_norm(g: Graph, source: str, weights: Weights, name: str) -> str:
    """A normalisation over the last axis."""
    parts = [g.constant(f"{name}_{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias")]
    return g.add("LayerNormalization", [source, *parts], f"{name}_normed", axis=-1, epsilon=_EPSILON)


def _scalar(g: Graph, name: str, value: int) -> str:
    """A number without dimensions, which a constant of the graph cannot be: it is made contiguous, so one long."""
    return g.add("Squeeze", [g.constant(f"{name}_row", np.array([value], np.int64))], name)


def add_turns(g: Graph, size: int) -> list[str]:
    """The cosines and sines of as many places as there are pieces."""
    length = g.add("Slice", [g.add("Shape", ["vectors"], "shape"), *_bounds(g, "length", 1, 2)], "length")
    first = g.constant("turns_from", np.array([0], np.int64))
    tables = zip(("cosines", "sines"), turns_of(size), strict=True)
    return [g.add("Slice", [g.constant(f"every_{name}", table), first, length], name) for name, table in tables]


def _bounds(g: Graph, name: str, start: int, end: int) -> list[str]:
    return [g.constant(f"{name}_{k}", np.array([v], np.int64)) for k, v in (("from", start), ("to", end))]


def _turned(g: Graph, source: str, turns: list[str]) -> str:
    """Queries or keys (batch, heads, pieces, size), turned by their places."""
    halves = [f"{source}_first", f"{source}_second"]
    g.nodes.append(helper.make_node("Split", [source], halves, name=f"{source}_halves", axis=-1))
    quarter = g.add("Concat", [g.add("Neg", [halves[1]], f"{source}_minus"), halves[0]], f"{source}_quarter", axis=-1)
    straight = g.add("Mul", [source, turns[0]], f"{source}_straight")
    return g.add("Add", [straight, g.add("Mul", [quarter, turns[1]], f"{source}_aside")], f"{source}_turned")


def add_layer(g: Graph, states: str, turns: list[str], weights: Weights, number: int, heads: int) -> str:
    """One layer, as :class:`pipeline.training.transformer.Layer` computes it."""
    at, across = f"layers.{number}", weights[f"layers.{number}.joined.weight"].shape[1]
    shape = g.constant(f"{at}_split", np.array([0, 0, 3, heads, across // heads], np.int64))
    normed = add_norm(g, states, weights, f"{at}.norm1")
    both = g.add("Reshape", [g.linear(normed, weights, f"{at}.qkv"), shape], f"{at}_five")
    halves = g.add("Transpose", [both], f"{at}_heads", perm=[2, 0, 3, 1, 4])
    parts = [g.add("Gather", [halves, _scalar(g, f"{at}_index{i}", i)], f"{at}_part{i}", axis=0) for i in range(3)]
    query, key = (_turned(g, part, turns) for part in parts[:2])
    turned_keys = g.add("Transpose", [key], f"{at}_keys", perm=[0, 1, 3, 2])
    root = g.constant(f"{at}_root", np.array((across // heads) ** -0.5, np.float32))
    scores = g.add("Mul", [g.add("MatMul", [query, turned_keys], f"{at}_products"), root], f"{at}_scores")
    chances = g.add("Softmax", [scores], f"{at}_chances", axis=-1)
    mixed = g.add("Transpose", [g.add("MatMul", [chances, parts[2]], f"{at}_mixed")], f"{at}_back", perm=[0, 2, 1, 3])
    flat = g.add("Reshape", [mixed, g.constant(f"{at}_flat", np.array([0, 0, across], np.int64))], f"{at}_flat_mixed")
    states = g.add("Add", [states, g.linear(flat, weights, f"{at}.joined")], f"{at}_added")
    up = g.linear(add_norm(g, states, weights, f"{at}.norm2"), weights, f"{at}.up")
    return g.add("Add", [states, g.linear(g.gelu(up, f"{at}_gelu"), weights, f"{at}.down")], f"{at}_fed")


def build_graph(tagger: PieceTagger, head: int, n_labels: int) -> Any:
    """The ONNX model of a tagger without its vectors of pieces.

    Input: ``vectors`` (batch, pieces, width), without padding. Output: ``log_probabilities`` (batch, pieces, labels).
    """
    weights, g = weights_of(tagger), Graph()
    sizes = tagger.encoder.sizes
    states, turns = add_norm(g, "vectors", weights, "norm"), add_turns(g, sizes.head_size)
    for number in range(sizes.layers):
        states = add_layer(g, states, turns, weights, number, sizes.heads)
    kept = slice(head * tagger.n_labels, head * tagger.n_labels + n_labels)
    out = {"out.weight": weights["out.weight"][kept], "out.bias": weights["out.bias"][kept]}
    scores = g.linear(add_norm(g, states, weights, "last_norm"), out, "out")
    g.add("LogSoftmax", [scores], "log_probabilities", axis=-1)
    inputs = [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["batch", "pieces", sizes.width])]
    outputs = [helper.make_tensor_value_info("log_probabilities", TensorProto.FLOAT, ["batch", "pieces", "labels"])]
    return g.model("transformer", inputs, outputs)


def read_back(graph: Path) -> tuple[Sizes, Weights]:
    """The shape and the weights, by torch's names, of a packed graph; matrices are what their bytes stand for.

    How many pieces there are is not told there, and 0 here.
    """
    stored = onnx.load_from_string(gzip.decompress(graph.read_bytes()))
    values = {one.name: numpy_helper.to_array(one) for one in stored.graph.initializer}
    found: Weights = {}
    for name, value in values.items():
        base, _, part = name.removesuffix(_BYTES).rpartition("_")
        if name.endswith(_BYTES):  # the other way round there
            found[f"{base}.{part}"] = np.ascontiguousarray((value * values[f"{base}_{part}_scale"]).T, np.float32)
        elif part in ("weight", "bias"):
            found[f"{base}.{part}"] = value.astype(np.float32)
        elif name == MARK_VECTORS:
            found["marks.weight"] = value.astype(np.float32)
    (inner, width), size = found["layers.0.up.weight"].shape, values["every_cosines"].shape[1]
    heads = found["layers.0.joined.weight"].shape[1] // size
    layers = sum(name.endswith(".norm1.weight") for name in found)
    return Sizes(0, width, layers, heads, size, inner), found


def write_bytes(model: Any, path: Path) -> None:
    """Write the model with its matrices as bytes; what is multiplied with them is quantised as it comes."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    plain = path.with_suffix(".fp32.onnx")
    onnx.save(model, plain)
    options = {"DefaultTensorType": TensorProto.FLOAT}  # the types of reshaped values are not inferred
    quantize_dynamic(
        plain,
        path,
        op_types_to_quantize=["MatMul"],
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,  # 7 bits of weight, for products of 8 overflow on processors without VNNI
        extra_options=options,
    )
    plain.unlink()


def write_pieces(tagger: PieceTagger, pieces: Sequence[str], folder: Path) -> None:
    """Write the pieces and their vectors, one byte a number."""
    folder.mkdir(parents=True, exist_ok=True)
    rows, scales = quantize(weights_of(tagger)["pieces.weight"])
    (folder / PIECES_FILE).write_text("\n".join(pieces), "utf-8")
    np.save(folder / ROWS_FILE, rows)
    np.save(folder / SCALES_FILE, scales)
    write_card(folder, kind="pieces", trained_on=["corpora/raw"], notes=f"{len(pieces)} pieces and their vectors")


def write_onnx(
    tagger: PieceTagger,
    folder: Path,
    pieces: Path,
    *,
    trained_on: Sequence[str],
    head: int = 0,
    labels: Sequence[str] = LABELS[:7],
    calibration: Sequence[Sequence[float]] | None = None,
) -> None:
    """Write the folder of a tagger that reads the pieces of another folder, or of the same; they are written first."""
    folder.mkdir(parents=True, exist_ok=True)
    plain = folder / PLAIN_GRAPH_FILE
    write_bytes(build_graph(tagger, head, len(labels)), plain)
    (folder / GRAPH_FILE).write_bytes(gzip.compress(plain.read_bytes(), mtime=0))
    plain.unlink()
    settings: dict[str, Any] = {"labels": list(labels), "pieces": file_digest(pieces / ROWS_FILE)}
    settings |= {"calibration": calibration} if calibration else {}
    (folder / SETTINGS_FILE).write_text(json.dumps(settings) + "\n", "utf-8")
    sizes = tagger.encoder.sizes
    inner = sizes.inner or 4 * sizes.width
    shape = f"{sizes.layers} layers of {sizes.width} with {sizes.heads} heads and {inner} inner units"
    notes = f"transformer of {shape}, weights as bytes, pretrained on a GPU"
    write_card(folder, kind="transformer", trained_on=trained_on, notes=notes)


def calibration_of(tagger: TransformerTagger, rows: Sequence[LabelledSentence]) -> list[list[float]]:
    """The calibration curve of an uncalibrated tagger from held-out sentences, a document at a time."""
    outcomes = []
    for _, document in groupby(rows, key=attrgetter("source")):
        sentences = list(document)
        for prediction, row in zip(tagger.predict([s.words for s in sentences]), sentences, strict=True):
            gold = set(decode_bio(row.labels))
            outcomes += [(prediction.confidences[name[0]], name in gold) for name in decode_bio(prediction.labels)]
    return platt(np.array([raw for raw, _ in outcomes]), np.array([right for _, right in outcomes], np.bool_))


def main() -> None:
    """Export the tagger named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tagger", type=Path, required=True, help="folder student, or tagger-SEED of finetune_gpu")
    parser.add_argument("--pieces", type=Path, required=True, help="pieces.txt written by pipeline.training.carried")
    parser.add_argument("--head", default="gold", choices=HEADS, help="the corpus whose convention it answers in")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--shared", type=Path, help="folder for the vectors of pieces, where not --output")
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora/ner"))
    parser.add_argument("--gold", type=Path, default=Path("../shared/gold/train"))
    parser.add_argument("--trained-on", nargs="+", default=["gold/train", "cleananercorp", "corpora/raw"])
    parser.add_argument("--float", type=Path, help="keep the graph in float32 here too, for byte_cost")
    options = parser.parse_args()
    tagger, shared = load_tagger(options.tagger), options.shared or options.output
    write_pieces(tagger, options.pieces.read_text("utf-8").split("\n"), shared)
    head = HEADS.index(options.head) if tagger.n_heads > 1 else 0  # a student has one head
    labels = LABELS[:7] if options.head == "gold" else LABELS
    told: dict[str, Any] = {"trained_on": options.trained_on, "head": head, "labels": labels}
    if options.float:
        onnx.save(build_graph(tagger, head, len(labels)), options.float)
    write_onnx(tagger, options.output, shared, **told)
    rows = [row for row in labelled_words(options.head, options.corpora, options.gold) if held_out(row.source)]
    plain = open_transformer(options.output, options.head, shared)
    write_onnx(tagger, options.output, shared, calibration=calibration_of(plain, rows), **told)


if __name__ == "__main__":
    main()

"""A fitted transformer in two forms: ``python -m pipeline.training.transformer_export --tagger DIR --pieces FILE``.

``--onnx DIR`` writes an 8-bit ONNX graph with its pieces, labels, calibration and card, for ``transformer:DIR``: no
torch at run time. ``--bert DIR`` writes a token-classification folder as BERT's, for ``camel:DIR``; its configuration
asks for the spelling of the pieces, which ``camel:DIR`` gives it and which CAMeL's own class must be given.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper

from pipeline.taggers.transformer import GRAPH_FILE, PIECES_FILE, SETTINGS_FILE, load_transformer
from pipeline.taggers.vectors import quantize
from pipeline.taggers.wordpieces import LENGTH, PAD, SPECIAL
from pipeline.tagging import decode_bio
from pipeline.training.calibrate import platt
from pipeline.training.cards import write_card
from pipeline.training.examples import LABELS
from pipeline.training.export import OPSET, _Graph
from pipeline.training.sources import HEADS, held_out, labelled_words
from pipeline.training.transformer import PieceTagger, load_tagger

Floats = npt.NDArray[np.float32]
Weights = dict[str, Floats]

_BERT_SPECIAL = ("[PAD]", "[UNK]", "[MASK]", "[SEP]")  # the end of a sentence is its beginning too
_EPSILON = 1e-5  # of torch's layer norm


def weights_of(tagger: PieceTagger) -> Weights:
    """The tagger's weights by name, the encoder's without their prefix."""
    return {name.removeprefix("encoder."): value.float().numpy() for name, value in tagger.state_dict().items()}


def _norm(g: _Graph, source: str, weights: Weights, name: str, output: str) -> str:
    parts = [g.constant(f"{output}_{part}", weights[f"{name}.{part}"]) for part in ("weight", "bias")]
    return g.add("LayerNormalization", [source, *parts], output, axis=-1, epsilon=_EPSILON)


def _scalar(g: _Graph, name: str, value: int) -> str:
    """A number without dimensions, which a constant of the graph cannot be: it is made contiguous, so one long."""
    return g.add("Squeeze", [g.constant(f"{name}_row", np.array([value], np.int64))], name)


def _embedded(g: _Graph, weights: Weights) -> str:
    """The vectors of pieces, kept as bytes, and of places."""
    rows, scales = quantize(weights["pieces.weight"])
    picked = g.add("Gather", [g.constant("piece_rows", rows), "ids"], "picked")
    scale = g.add("Gather", [g.constant("piece_scales", scales.astype(np.float32)[:, None]), "ids"], "picked_scales")
    vectors = g.add("Mul", [g.add("Cast", [picked], "picked_floats", to=TensorProto.FLOAT), scale], "piece_vectors")
    step = _scalar(g, "step", 1)
    length = g.add("Gather", [g.add("Shape", ["ids"], "shape"), step], "length")
    places = g.add("Range", [_scalar(g, "first", 0), length, step], "places")
    place_vectors = g.add("Gather", [g.constant("place_rows", weights["places.weight"]), places], "place_vectors")
    return _norm(g, g.add("Add", [vectors, place_vectors], "summed"), weights, "norm", "embedded")


def _layer(g: _Graph, states: str, unseen: str, weights: Weights, number: int, heads: int) -> str:
    """One layer, as :class:`pipeline.training.transformer.Layer` computes it."""
    at, width = f"layers.{number}", weights[f"layers.{number}.joined.weight"].shape[0]
    shape = g.constant(f"{at}_split", np.array([0, 0, 3, heads, width // heads], np.int64))
    both = g.add("Reshape", [g.linear(states, weights, f"{at}.qkv"), shape], f"{at}_five")
    turned = g.add("Transpose", [both], f"{at}_turned", perm=[2, 0, 3, 1, 4])
    parts = [g.add("Gather", [turned, _scalar(g, f"{at}_index{i}", i)], f"{at}_part{i}", axis=0) for i in range(3)]
    across = g.add("Transpose", [parts[1]], f"{at}_keys", perm=[0, 1, 3, 2])
    root = g.constant(f"{at}_root", np.array((width // heads) ** -0.5, np.float32))
    scores = g.add("Mul", [g.add("MatMul", [parts[0], across], f"{at}_products"), root], f"{at}_scores")
    chances = g.add("Softmax", [g.add("Add", [scores, unseen], f"{at}_masked")], f"{at}_chances", axis=-1)
    mixed = g.add("Transpose", [g.add("MatMul", [chances, parts[2]], f"{at}_mixed")], f"{at}_back", perm=[0, 2, 1, 3])
    flat = g.add("Reshape", [mixed, g.constant(f"{at}_flat", np.array([0, 0, width], np.int64))], f"{at}_joined")
    added = g.add("Add", [states, g.linear(flat, weights, f"{at}.joined")], f"{at}_added")
    states = _norm(g, added, weights, f"{at}.norm1", f"{at}_one")
    fed = g.linear(g.gelu(g.linear(states, weights, f"{at}.up"), f"{at}_gelu"), weights, f"{at}.down")
    return _norm(g, g.add("Add", [states, fed], f"{at}_fed"), weights, f"{at}.norm2", f"{at}_two")


def build_graph(tagger: PieceTagger, head: int, n_labels: int) -> Any:
    """The ONNX model: ``ids`` (batch, pieces; PAD after the end) to ``log_probabilities`` (batch, pieces, labels)."""
    weights, g = weights_of(tagger), _Graph()
    padded = g.add("Equal", ["ids", g.constant("pad", np.array(PAD, np.int64))], "padded")
    axes = g.constant("axes", np.array([1, 2], np.int64))
    wide = g.add("Unsqueeze", [g.add("Cast", [padded], "padded_floats", to=TensorProto.FLOAT), axes], "wide")
    unseen = g.add("Mul", [wide, g.constant("never", np.array(-1e9, np.float32))], "unseen")
    states = _embedded(g, weights)
    for number in range(tagger.encoder.sizes.layers):
        states = _layer(g, states, unseen, weights, number, tagger.encoder.sizes.heads)
    kept = slice(head * tagger.n_labels, head * tagger.n_labels + n_labels)
    out = {"out.weight": weights["out.weight"][kept], "out.bias": weights["out.bias"][kept]}
    g.add("LogSoftmax", [g.linear(states, out, "out")], "log_probabilities", axis=-1)
    inputs = [helper.make_tensor_value_info("ids", TensorProto.INT64, ["batch", "pieces"])]
    outputs = [helper.make_tensor_value_info("log_probabilities", TensorProto.FLOAT, ["batch", "pieces", "labels"])]
    graph = helper.make_graph(g.nodes, "transformer", inputs, outputs, g.constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    onnx.checker.check_model(model)
    return model


def _write_bytes(model: Any, path: Path) -> None:
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


def write_onnx(
    tagger: PieceTagger,
    pieces: Sequence[str],
    folder: Path,
    *,
    trained_on: Sequence[str],
    head: int = 0,
    labels: Sequence[str] = LABELS[:7],
    calibration: Sequence[Sequence[float]] | None = None,
) -> None:
    """Write the folder that ``transformer:FOLDER`` reads."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_bytes(build_graph(tagger, head, len(labels)), folder / GRAPH_FILE)
    (folder / PIECES_FILE).write_text("\n".join(pieces), "utf-8")
    settings: dict[str, Any] = {"labels": list(labels)} | ({"calibration": calibration} if calibration else {})
    (folder / SETTINGS_FILE).write_text(json.dumps(settings) + "\n", "utf-8")
    write_card(folder, kind="transformer", trained_on=trained_on, notes="compact transformer, pretrained on a GPU")


def calibration_of(folder: Path, rows: Sequence[tuple[Sequence[str], Sequence[str]]]) -> list[list[float]]:
    """The calibration curve of an uncalibrated folder of :func:`write_onnx` from held-out sentences."""
    predictions = load_transformer(str(folder)).predict([words for words, _ in rows])
    outcomes = [
        (prediction.confidences[name[0]], name in set(decode_bio(labels)))
        for prediction, (_, labels) in zip(predictions, rows, strict=True)
        for name in decode_bio(prediction.labels)
    ]
    return platt(np.array([raw for raw, _ in outcomes]), np.array([right for _, right in outcomes], np.bool_))


def bert_weights(tagger: PieceTagger, head: int, n_labels: int) -> Weights:
    """The weights under the names of transformers' ``BertForTokenClassification``."""
    weights = weights_of(tagger)
    width, found = tagger.encoder.sizes.width, {}
    found["bert.embeddings.word_embeddings.weight"] = weights["pieces.weight"]
    found["bert.embeddings.position_embeddings.weight"] = weights["places.weight"]
    found["bert.embeddings.token_type_embeddings.weight"] = np.zeros((2, width), np.float32)
    layers = {"attention.output.dense": "joined", "attention.output.LayerNorm": "norm1"}
    layers |= {"intermediate.dense": "up", "output.dense": "down", "output.LayerNorm": "norm2"}
    for part in ("weight", "bias"):
        found[f"bert.embeddings.LayerNorm.{part}"] = weights[f"norm.{part}"]
        for number in range(tagger.encoder.sizes.layers):
            at, split = f"bert.encoder.layer.{number}", np.split(weights[f"layers.{number}.qkv.{part}"], 3)
            found |= {
                f"{at}.attention.self.{n}.{part}": v for n, v in zip(("query", "key", "value"), split, strict=True)
            }
            found |= {f"{at}.{name}.{part}": weights[f"layers.{number}.{own}.{part}"] for name, own in layers.items()}
        found[f"classifier.{part}"] = weights[f"out.{part}"][head * tagger.n_labels :][:n_labels]
    return found


def write_bert(
    tagger: PieceTagger, pieces: Sequence[str], folder: Path, *, head: int = 0, labels: Sequence[str] = LABELS[:7]
) -> None:
    """Write a token-classification folder as BERT's, weights as safetensors, types named as CAMeL names them."""
    import torch
    from transformers import BertConfig, BertForTokenClassification, BertTokenizer

    sizes = tagger.encoder.sizes
    named = [label.replace("PER", "PERS") for label in labels]
    config = BertConfig(
        vocab_size=sizes.pieces, hidden_size=sizes.width, num_hidden_layers=sizes.layers,
        num_attention_heads=sizes.heads, intermediate_size=4 * sizes.width,
        max_position_embeddings=LENGTH, layer_norm_eps=_EPSILON, pad_token_id=PAD,
        id2label=dict(enumerate(named)), label2id={label: i for i, label in enumerate(named)}, spelling="word_form",
    )  # fmt: skip
    model = BertForTokenClassification(config)
    weights = {name: torch.from_numpy(value.copy()) for name, value in bert_weights(tagger, head, len(labels)).items()}
    model.load_state_dict(weights)
    model.save_pretrained(folder)
    rest = [f"##{piece[1:]}" if piece.startswith("+") and len(piece) > 1 else piece for piece in pieces[len(SPECIAL) :]]
    (folder / "vocab.txt").write_text("\n".join([*_BERT_SPECIAL, *rest]) + "\n", "utf-8")
    special = {"cls_token": "[SEP]", "do_lower_case": False, "strip_accents": False}
    BertTokenizer(str(folder / "vocab.txt"), **special).save_pretrained(folder)


def main() -> None:
    """Export the tagger named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--tagger", type=Path, required=True, help="folder tagger-SEED written by finetune_gpu")
    parser.add_argument("--pieces", type=Path, required=True, help="pieces.txt written by pipeline.training.carried")
    parser.add_argument("--head", default="gold", choices=HEADS, help="the corpus whose convention it answers in")
    parser.add_argument("--onnx", type=Path)
    parser.add_argument("--bert", type=Path)
    parser.add_argument("--corpora", type=Path, default=Path("../shared/corpora/ner"))
    parser.add_argument("--gold", type=Path, default=Path("../shared/gold/train"))
    parser.add_argument("--trained-on", nargs="+", default=["gold/train", "cleananercorp", "corpora/raw"])
    options = parser.parse_args()
    tagger, pieces = load_tagger(options.tagger), options.pieces.read_text("utf-8").split("\n")
    head = HEADS.index(options.head) if tagger.n_heads > 1 else 0  # a student has one head
    labels = LABELS[:7] if options.head == "gold" else LABELS
    if options.onnx is not None:
        told: dict[str, Any] = {"trained_on": options.trained_on, "head": head, "labels": labels}
        write_onnx(tagger, pieces, options.onnx, **told)
        rows = [row for row in labelled_words(options.head, options.corpora, options.gold) if held_out(row.source)]
        curve = calibration_of(options.onnx, [(row.words, row.labels) for row in rows])
        write_onnx(tagger, pieces, options.onnx, calibration=curve, **told)
    if options.bert is not None:
        write_bert(tagger, pieces, options.bert, head=head, labels=labels)


if __name__ == "__main__":
    main()

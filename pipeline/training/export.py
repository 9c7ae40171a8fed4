"""A trained tagger as an ONNX graph, written node by node to be what :mod:`pipeline.taggers.neural` feeds."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

Floats = npt.NDArray[np.float32]
Weights = Mapping[str, Floats]

_OPSET = 17


def _lstm_weights(weights: Weights, forward: str, backward: str) -> tuple[Floats, Floats, Floats]:
    """W, R and B of a bidirectional ONNX LSTM from two torch LSTMs; torch orders gates i f g o, ONNX i o f c."""

    def gates(matrix: Floats) -> Floats:
        i, f, g, o = np.split(matrix, 4)
        return np.concatenate([i, o, f, g])

    sides = [
        (
            gates(weights[f"{name}.weight_ih_l0"]),
            gates(weights[f"{name}.weight_hh_l0"]),
            np.concatenate([gates(weights[f"{name}.bias_ih_l0"]), gates(weights[f"{name}.bias_hh_l0"])]),
        )
        for name in (forward, backward)
    ]
    w, r, b = (np.stack(part).astype(np.float32) for part in zip(*sides, strict=True))
    return w, r, b


class Graph:
    """Nodes and constants of a graph under construction."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def constant(self, name: str, value: npt.NDArray[Any]) -> str:
        """A constant of that name; like all here it gives the name of what it adds."""
        self.constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def add(self, kind: str, inputs: list[str], output: str, **attributes: Any) -> str:
        """A node of one output, which lends it its name."""
        self.nodes.append(helper.make_node(kind, inputs, [output], name=output, **attributes))
        return output

    def linear(self, source: str, weights: Weights, name: str) -> str:
        """A product with a matrix, and a bias, by torch's names for the two."""
        weight = self.constant(f"{name}_weight", weights[f"{name}.weight"].T.astype(np.float32))
        bias = self.constant(f"{name}_bias", weights[f"{name}.bias"].astype(np.float32))
        return self.add("Add", [self.add("MatMul", [source, weight], f"{name}_product"), bias], f"{name}_sum")

    def lstm(self, source: str, lengths: str, weights: Weights, forward: str, backward: str) -> tuple[str, str]:
        """The two directions of a bidirectional LSTM, each words x batch x hidden."""
        name = f"lstm_{forward}{backward}"
        w, r, b = _lstm_weights(weights, forward, backward)
        inputs = [source, *(self.constant(f"{name}_{part}", value) for part, value in (("w", w), ("r", r), ("b", b)))]
        self.add("LSTM", [*inputs, lengths], f"{name}_both", direction="bidirectional", hidden_size=r.shape[2])
        axis = self.constant(f"{name}_axis", np.array([1], np.int64))
        halves = [f"{name}_half0", f"{name}_half1"]
        self.nodes.append(helper.make_node("Split", [f"{name}_both"], halves, name=f"{name}_split", axis=1))
        return self.add("Squeeze", [halves[0], axis], f"{name}_forward"), self.add(
            "Squeeze", [halves[1], axis], f"{name}_backward"
        )

    def slice(self, source: str, start: int, end: int, output: str) -> str:
        """A part of the first axis."""
        bounds = [
            self.constant(f"{output}_{k}", np.array([v], np.int64))
            for k, v in (("from", start), ("to", end), ("axis", 0))
        ]
        return self.add("Slice", [source, *bounds], output)

    def gelu(self, source: str, output: str) -> str:
        """In the order of steps that ONNX Runtime makes one of."""
        root, one, half = (
            self.constant(f"{output}_{name}", np.array(value, np.float32))
            for name, value in (("root", np.sqrt(2)), ("one", 1), ("half", 0.5))
        )
        erf = self.add("Erf", [self.add("Div", [source, root], f"{output}_scaled")], f"{output}_erf")
        twice = self.add("Mul", [source, self.add("Add", [erf, one], f"{output}_e1")], f"{output}_x2")
        return self.add("Mul", [twice, half], output)

    def model(self, name: str, inputs: list[Any], outputs: list[Any]) -> Any:
        """The ONNX model of what was added, checked."""
        graph = helper.make_graph(self.nodes, name, inputs, outputs, self.constants)
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=9)
        onnx.checker.check_model(model)
        return model


_END = 2**31 - 1


def build_graph(weights: Weights, labels: slice) -> Any:
    """The ONNX model of a tagger; ``labels`` picks the rows of the output head that answer in the wanted convention.

    Inputs: ``vectors`` (words + 2, batch, size; zeros where ``edges`` (words + 2, batch, 1) is one: before the first
    word and after the last), ``knowledge`` (words, batch, features), ``affixes`` (words, batch, ids) and ``lengths``
    (batch, words in each sentence). Output: ``log_probabilities``.
    """
    g = Graph()
    padded = g.add("Add", ["lengths", g.constant("two", np.array(2, np.int32))], "padded_lengths")
    separator = g.constant("separator", weights["sep"].astype(np.float32))
    vectors = g.add("Add", ["vectors", g.add("Mul", ["edges", separator], "edge_vectors")], "all_vectors")
    forward, backward = g.lstm(vectors, padded, weights, "f", "b")
    around = g.add("Concat", [g.slice(forward, 0, -2, "before"), g.slice(backward, 2, _END, "after")], "around", axis=2)
    slot = g.linear(g.gelu(g.linear(around, weights, "m1"), "gelu"), weights, "m2")
    own = [g.slice(name, 1, -1, f"own_{i}") for i, name in enumerate((forward, backward, vectors))]
    rows = g.add("Gather", [g.constant("affix_table", weights["A.weight"].astype(np.float32)), "affixes"], "affix_rows")
    affix = g.add("ReduceSum", [rows, g.constant("affix_axis", np.array([2], np.int64))], "affix_sum", keepdims=0)
    parts = [own[0], own[1], slot, own[2], g.linear("knowledge", weights, "K"), affix]
    hidden = g.add("Relu", [g.linear(g.add("Concat", parts, "inputs", axis=2), weights, "inp")], "hidden")
    left, right = g.lstm(hidden, "lengths", weights, "e1", "e2")
    head = {"out.weight": weights["out.weight"][labels], "out.bias": weights["out.bias"][labels]}
    scores = g.linear(g.add("Concat", [left, right, hidden], "states", axis=2), head, "out")
    g.add("LogSoftmax", [scores], "log_probabilities", axis=2)
    return _model(g, weights)


def _model(g: Graph, weights: Weights) -> Any:
    size, features = weights["f.weight_ih_l0"].shape[1], weights["K.weight"].shape[1]
    inputs = [
        helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["padded", "batch", size]),
        helper.make_tensor_value_info("edges", TensorProto.FLOAT, ["padded", "batch", 1]),
        helper.make_tensor_value_info("knowledge", TensorProto.FLOAT, ["words", "batch", features]),
        helper.make_tensor_value_info("affixes", TensorProto.INT64, ["words", "batch", "ids"]),
        helper.make_tensor_value_info("lengths", TensorProto.INT32, ["batch"]),
    ]
    outputs = [helper.make_tensor_value_info("log_probabilities", TensorProto.FLOAT, ["words", "batch", "labels"])]
    return g.model("tagger", inputs, outputs)


def write_quantized(model: Any, path: Path) -> None:
    """The model with its matrices as bytes; activations are quantised as they come (dynamic quantisation)."""
    from onnxruntime.quantization import QuantType, quantize_dynamic

    plain = path.with_suffix(".fp32.onnx")
    onnx.save(model, plain)
    quantize_dynamic(
        plain, path, op_types_to_quantize=["LSTM", "MatMul"], weight_type=QuantType.QInt8, per_channel=True
    )
    plain.unlink()


def write_folder(
    networks: Sequence[Any],
    folder: Path,
    labels: Sequence[str],
    head: int,
    calibration: list[list[float]] | None = None,
) -> None:
    """The model folder of one or more torch networks: a quantised graph each, and the settings."""
    folder.mkdir(parents=True, exist_ok=True)
    graphs = []
    for number, network in enumerate(networks, 1):
        weights = {name: value.float().numpy() for name, value in network.state_dict().items()}
        first = head * network.n_labels
        graphs.append(f"graph-{number}.onnx")
        write_quantized(build_graph(weights, slice(first, first + len(labels))), folder / graphs[-1])
    settings: dict[str, Any] = {"labels": list(labels), "graphs": graphs}
    if calibration is not None:
        settings["calibration"] = calibration
    (folder / "settings.json").write_text(json.dumps(settings) + "\n", "utf-8")

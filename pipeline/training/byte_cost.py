"""What a network loses by its bytes: ``python -m pipeline.training.byte_cost [--float GRAPH]``.

The shipped graphs hold their matrices as bytes and multiply them with bytes. This command prints the F1 of the taggers
on the annotated articles as they are shipped, and with the products in float32: of the same matrices, or, where the
graph that was exported before its matrices became bytes is named, of that one. More than :data:`MOST` lost is an error.
"""

from __future__ import annotations

import argparse
import gzip
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import onnx
from onnx import helper, numpy_helper

from pipeline.evaluate import evaluate
from pipeline.evaluation.gold import GoldDocument, read_gold
from pipeline.models import load_tagger, models_folder, read_card
from pipeline.taggers.transformer import GRAPH_FILE, PLAIN_GRAPH_FILE
from pipeline.training.cards import write_card
from pipeline.training.other_models import models_from
from pipeline.training.report_eval import analyse_gold

MOST = 0.3  # points of F1 over all mentions
FOLDER, TAGGERS = "default", ("network", "default")
"""The folder whose graph is measured, and the taggers that it makes: alone, and with a CRF."""


def in_float(graph: bytes) -> bytes:
    """The graph of the same network, whose products of bytes are products of the numbers that the bytes stand for.

    ``quantize_dynamic`` writes a product as four nodes (bytes of what comes, product, cast, scales); what comes and the
    matrix are found by their names.
    """
    model = onnx.load_from_string(graph)
    stored = {one.name: numpy_helper.to_array(one) for one in model.graph.initializer}
    makers = {name: node for node in model.graph.node for name in node.output}
    made, matrices = [], {}
    for node in model.graph.node:
        product = _product_before(node, makers)
        if product is None:
            made.append(node)
            continue
        comes = makers[product.input[0]].input[0]
        base = product.input[1].removesuffix("_quantized")
        zeros = stored[f"{base}_zero_point"].astype(np.float32)
        matrices[base] = (stored[product.input[1]].astype(np.float32) - zeros) * stored[f"{base}_scale"]
        made.append(helper.make_node("MatMul", [comes, base], list(node.output), name=node.name))
    needed = _needed(made, [one.name for one in model.graph.output])
    kept = [one for one in model.graph.initializer if one.name in needed]
    kept += [numpy_helper.from_array(value, name) for name, value in matrices.items()]
    nodes = [node for node in made if needed.intersection(node.output)]
    plain = helper.make_graph(nodes, model.graph.name, model.graph.input, model.graph.output, kept)
    whole = helper.make_model(plain, opset_imports=model.opset_import, ir_version=model.ir_version)
    onnx.checker.check_model(whole)
    written: bytes = whole.SerializeToString()
    return written


def _product_before(node: Any, makers: Mapping[str, Any]) -> Any:
    """The product of bytes whose scaled outcome a node gives; None for any other node."""
    cast = makers.get(node.input[0]) if node.op_type == "Mul" else None
    product = makers.get(cast.input[0]) if cast is not None and cast.op_type == "Cast" else None
    return product if product is not None and product.op_type == "MatMulInteger" else None


def _needed(nodes: list[Any], outputs: list[str]) -> set[str]:
    """Every value that the outputs hang on."""
    makers = {name: node for node in nodes for name in node.output}
    needed: set[str] = set()
    waiting = list(outputs)
    while waiting:
        name = waiting.pop()
        if name not in needed:
            needed.add(name)
            waiting += makers[name].input if name in makers else ()
    return needed


@contextmanager
def models_with(graph: bytes) -> Iterator[None]:
    """While it lasts, the models are the shipped ones, but for the graph of :data:`FOLDER`."""
    shipped = models_folder()
    with tempfile.TemporaryDirectory(prefix="liqa-float-") as place:
        for path in shipped.iterdir():
            if path.is_dir() and path.name != FOLDER:
                (Path(place) / path.name).symlink_to(path.resolve())
        made, card = Path(place) / FOLDER, read_card(shipped / FOLDER)
        shutil.copytree(shipped / FOLDER, made)
        (made / GRAPH_FILE).unlink()
        (made / PLAIN_GRAPH_FILE).write_bytes(graph)
        write_card(made, kind=card.kind, trained_on=card.trained_on, notes=card.notes)
        with models_from(Path(place)):
            yield


def measure(tagger: str, gold: Sequence[GoldDocument]) -> dict[str, float]:
    """F1 in percent by type of mention, from raw text, of the tagger that the present models make."""
    load_tagger.cache_clear()
    found = analyse_gold(gold, load_tagger(tagger))
    return {str(name): round(100 * row.f1, 2) for name, row in evaluate(found.gold, found.predicted()).mentions.items()}


def main() -> None:
    """Measure with bytes and in float32; exit with 1 where a tagger loses more than is allowed."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, default=Path("../shared/gold/dev"), help="folder of annotated documents")
    parser.add_argument("--float", type=Path, help="the graph as it was exported, before its matrices became bytes")
    options = parser.parse_args()
    gold = read_gold(options.gold)
    packed = (models_folder() / FOLDER / GRAPH_FILE).read_bytes()
    plain = options.float.read_bytes() if options.float else in_float(gzip.decompress(packed))
    lost = []
    for tagger in TAGGERS:
        shipped = measure(tagger, gold)
        with models_with(plain):
            other = measure(tagger, gold)
        lost.append(other["all"] - shipped["all"])
        print(f"{tagger}: in bytes {shipped}, in float32 {other}, lost {lost[-1]:.2f}")
    sys.exit(max(lost) > MOST)


if __name__ == "__main__":
    main()

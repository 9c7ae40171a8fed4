from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from numpy.typing import NDArray

from pipeline.api import load_tables
from pipeline.errors import ConfigError, InputError
from pipeline.plot import figure_bytes, find_entity, plot_ego, plot_heat, plot_time, shaped, write_plots
from tests.report_corpus import make_corpus

pytest.importorskip("matplotlib")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_corpus(30, 12).write(tmp_path_factory.mktemp("tables"))


def ink(text: str) -> NDArray[np.bool_]:
    """Where ``text`` leaves ink, cut to its outermost columns."""
    from matplotlib.figure import Figure
    from matplotlib.image import imread

    figure = Figure(figsize=(6, 2), dpi=100)
    figure.text(0.5, 0.4, shaped(text), fontsize=48, ha="center")
    drawn = imread(io.BytesIO(figure_bytes(figure, "png")))[..., :3].mean(axis=2) < 0.6
    columns = np.flatnonzero(drawn.any(axis=0))
    cut: NDArray[np.bool_] = drawn[:, columns[0] : columns[-1] + 1]
    return cut


def test_arabic_runs_from_right_to_left() -> None:
    for text in ("سا", "سسسا"):  # a tall alif after low letters: it must stand at the left
        drawn = ink(text)
        height = drawn.argmax(axis=0)
        height[~drawn.any(axis=0)] = drawn.shape[0]
        assert height.argmin() < drawn.shape[1] / 3


def test_arabic_letters_join() -> None:
    assert ink("سسس").any(axis=0).all()  # joined letters leave no empty column
    assert ink("ببب").shape[1] < 0.75 * 3 * ink("ب").shape[1]
    assert not ink("ددد").any(axis=0).all()  # and dal joins nothing after it


def test_latin_stays_from_left_to_right_beside_arabic() -> None:
    drawn = ink("لقاء 2l")
    right = ink("لقاء").shape[1]
    tall = drawn[:, : drawn.shape[1] - right].any(axis=1).sum()
    assert tall > 20  # the number stands left of the word


def test_an_older_matplotlib_without_its_helpers_is_an_error_with_a_remedy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.plot.drawing.version", lambda _: "3.10.6")

    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr("pipeline.plot.drawing.import_module", missing)
    with pytest.raises(ConfigError, match=r"pip install 'matplotlib>=3\.11'"):
        shaped("لقاء")


def test_an_older_matplotlib_gets_text_reshaped_and_reordered(monkeypatch: pytest.MonkeyPatch) -> None:
    class Helper:
        @staticmethod
        def reshape(text: str) -> str:
            return f"joined {text}"

        @staticmethod
        def get_display(text: str) -> str:
            return text[::-1]

    monkeypatch.setattr("pipeline.plot.drawing.version", lambda _: "3.9.2")
    monkeypatch.setattr("pipeline.plot.drawing.import_module", lambda _: Helper)
    assert shaped("لقاء") == "joined لقاء"[::-1]


def test_every_figure_in_every_format_the_same_twice(folder: Path, tmp_path: Path) -> None:
    first = write_plots(folder, tmp_path / "first")
    second = write_plots(folder, tmp_path / "second", language="ar")
    assert [path.name for path in first] == ["time.png", "time.svg", "heat.png", "heat.svg", "ego.png", "ego.svg"]
    for one, other in zip(first, second, strict=True):
        assert one.read_bytes() == other.read_bytes()
        assert one.read_bytes().startswith(b"\x89PNG" if one.suffix == ".png" else b"<?xml")


def test_bars_and_cells_hold_the_numbers_of_the_tables(folder: Path) -> None:
    tables = load_tables(folder)
    (axes,) = plot_time(tables, language="en").axes
    dated = (tables["meetings"]["date_from"].fillna("") != "").sum()
    assert sum(patch.get_height() for patch in axes.patches) == dated
    (axes,) = plot_heat(tables, most=60, language="en").axes
    edges = tables["edges"]
    held = edges[(edges["kind"] == "meeting") & (edges["label"] == "held")]["weight"].sum()
    assert sum(int(text.get_text()) for text in axes.texts) == 2 * held


@pytest.mark.parametrize(
    ("options", "told"),
    [({"kinds": ["foo"]}, "time, heat, ego"), ({"formats": ["bmp"]}, "png, svg, pdf"), ({"language": "fr"}, "ar, en")],
)
def test_what_there_is_not_is_refused_with_what_there_is(
    folder: Path, tmp_path: Path, options: dict[str, Any], told: str
) -> None:
    with pytest.raises(ConfigError, match=told):
        write_plots(folder, tmp_path / "figures", **options)
    assert not (tmp_path / "figures").exists()


def test_a_name_that_met_none_of_those_shown_has_no_row_of_its_own(folder: Path) -> None:
    tables = dict(load_tables(folder))
    entities = [str(name) for name in tables["entities"]["entity_id"][:7]]
    pairs = [(0, 1, 9), (2, 3, 5), (2, 4, 3)]  # of the three that met most, 2 met nobody of the others
    rows = [(entities[a], entities[b], "meeting", "held", n) for a, b, n in pairs]
    tables["edges"] = pd.DataFrame(rows, columns=["head_entity_id", "tail_entity_id", "kind", "label", "weight"])
    (axes,) = plot_heat(tables, most=3, language="en").axes
    assert len(axes.get_yticks()) == 2
    assert sorted(text.get_text() for text in axes.texts) == ["9", "9"]


def test_a_name_is_found_by_any_spelling(folder: Path) -> None:
    tables = load_tables(folder)
    row = tables["entities"][tables["entities"]["type"] == "PER"].iloc[0]
    name, entity = str(row["name"]), str(row["entity_id"])
    assert find_entity(tables, entity) == find_entity(tables, name) == entity
    assert find_entity(tables, name.replace("ا", "أ")) == entity
    with pytest.raises(InputError, match="look for the name"):
        find_entity(tables, "ضظغث")
    with pytest.raises(InputError, match="look for the name"):
        plot_ego(tables, "ضظغث")


def test_no_meetings_still_makes_figures(folder: Path, tmp_path: Path) -> None:
    tables = {name: table.iloc[:0] for name, table in load_tables(folder).items()}
    for draw in (plot_time, plot_heat, plot_ego):
        assert figure_bytes(draw(tables), "png").startswith(b"\x89PNG")

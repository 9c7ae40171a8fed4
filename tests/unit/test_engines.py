"""The local engines: the same values however the work is shared, and one bad element costs no other."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from pipeline.engines import Engine, InProcess, Lost, local
from pipeline.engines.local import Measured, Workers

E2E = str(Path(__file__).resolve().parents[1] / "e2e")


@pytest.fixture
def double(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.syspath_prepend(E2E)
    yield import_module("odd_work").double
    sys.modules.pop("odd_work")


def units(n_units: int, taken: list[int] | None = None) -> Iterator[list[int]]:
    for number in range(100, 100 + n_units):
        if taken is not None:
            taken.append(number)
        yield [number]


def numbers(made: Iterable[Any]) -> list[int]:
    return sorted(number for value in made if not isinstance(value, Lost) for number in value)


def test_workers_give_each_value_once(double: Any) -> None:
    made = numbers(Workers(2).map(double, units(20)))
    assert made == [2 * number for number in range(100, 120)]


def test_units_are_taken_no_faster_than_they_are_worked_on(double: Any) -> None:
    taken: list[int] = []
    made = Workers(2).map(double, units(1000, taken))
    for _ in range(3):
        next(made)
    made.close()  # type: ignore[attr-defined]
    assert len(taken) <= 8


@pytest.mark.parametrize("engine", [InProcess(), Measured(len, n_workers=1), Workers(1)])
def test_an_element_that_memory_is_too_small_for_costs_no_other(double: Any, engine: Engine) -> None:
    made = list(engine.map(double, [[10, 11, 15, 12], [1, 2]]))
    lost = [value for value in made if isinstance(value, Lost)]
    assert [value.element for value in lost] == [15]
    assert "out of memory" in lost[0].reason
    assert numbers(made) == [2, 4, 20, 22, 24]


def test_a_library_that_finds_no_room_to_be_loaded_is_told_as_memory_that_is_too_small(double: Any) -> None:
    lost = [value for value in Workers(1).map(double, [[10, 16], [1]]) if isinstance(value, Lost)]
    assert [value.element for value in lost] == [16]
    assert "run.memory_mb" in lost[0].reason


@pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals")
def test_an_element_that_ends_its_worker_is_found_and_the_others_are_worked_on(double: Any) -> None:
    made = list(Workers(2).map(double, [list(range(10, 14)), [1, 2]]))
    lost = [value for value in made if isinstance(value, Lost)]
    assert [value.element for value in lost] == [13]
    assert "signal 9" in lost[0].reason
    assert numbers(made) == [2, 4, 20, 22, 24]


def test_a_bug_in_the_work_is_raised_here(double: Any) -> None:
    with pytest.raises(RuntimeError, match="wrong on purpose"):
        list(Workers(1).map(double, [[14]]))


@pytest.mark.parametrize("trial", [0.02, 60.0])
def test_measuring_gives_each_value_once(double: Any, monkeypatch: pytest.MonkeyPatch, trial: float) -> None:
    monkeypatch.setattr(local, "_TRIAL", trial)
    engine = Measured(len, n_workers=2)
    made = numbers(engine.map(double, units(40)))
    assert made == [2 * number for number in range(100, 140)]


def test_workers_that_are_slower_than_one_process_are_given_up(double: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(local, "_TRIAL", 0.05)
    sizes = iter([1000] * 6 + [0] * 1000)  # as if each unit after the first few took for ever
    engine = Measured(lambda _: next(sizes), n_workers=2)
    made = numbers(engine.map(double, units(60)))
    assert made == [2 * number for number in range(100, 160)]
    assert engine.chosen == 1


def test_work_that_is_broken_off_leaves_no_thread_and_no_process(double: Any) -> None:
    made = Workers(2).map(double, units(1000))
    next(made)
    made.close()  # type: ignore[attr-defined]
    for thread in threading.enumerate():
        if isinstance(thread, local._Worker):
            thread.join(timeout=30)
            assert not thread.is_alive()
            assert thread._process is None

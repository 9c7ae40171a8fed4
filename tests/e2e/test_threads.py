"""A process may be asked for facts from several threads at once, as a notebook or a service does."""

from __future__ import annotations

import multiprocessing
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import pipeline
from pipeline.models import load_tagger

ARTICLES = [path.read_text("utf-8") for path in sorted(Path(__file__).resolve().parents[2].glob("data/raw/*.txt"))]


@pytest.fixture
def eager_threads() -> Iterator[None]:
    """Threads that change as often as they can, and a tagger that has not met a word yet."""
    interval = sys.getswitchinterval()
    load_tagger.cache_clear()
    sys.setswitchinterval(1e-6)
    yield
    sys.setswitchinterval(interval)


def test_threads_get_the_facts_that_one_alone_gets(eager_threads: None) -> None:
    with ThreadPoolExecutor(4) as threads:
        together = list(threads.map(pipeline.extract, ARTICLES * 2))
    load_tagger.cache_clear()
    assert together == [pipeline.extract(article) for article in ARTICLES * 2]


@pytest.mark.skipif("fork" not in multiprocessing.get_all_start_methods(), reason="this system has no fork")
@pytest.mark.filterwarnings("ignore:.*multi-threaded.*:DeprecationWarning")
def test_a_process_forked_while_a_thread_reads_gets_its_facts() -> None:
    expected = [pipeline.extract(article) for article in ARTICLES]
    with ThreadPoolExecutor(1) as thread:
        busy = thread.map(pipeline.extract, ARTICLES * 8)
        with multiprocessing.get_context("fork").Pool(1) as child:
            assert child.map_async(pipeline.extract, ARTICLES).get(timeout=120) == expected
        assert list(busy) == expected * 8

"""The shipped weights: they tag invented news, and need no torch. Names here are invented."""

import os
import subprocess
import sys

import pytest

from pipeline.models import load_tagger
from pipeline.taggers.default import load_shipped
from pipeline.taggers.joint import LABELS
from pipeline.tagging import decode_bio

pytestmark = pytest.mark.models

SENTENCE = ["التقى", "وزير", "الخارجية", "السوداني", "سمهر", "الودادي", "في", "القاهرة", "نظيره", "عادل", "بن", "رستم"]


def test_the_default_tagger_finds_people_it_never_saw() -> None:
    prediction = load_tagger("default").predict([SENTENCE])[0]
    names = {(" ".join(SENTENCE[a:b]), kind) for a, b, kind in decode_bio(prediction.labels)}
    assert {("سمهر الودادي", "PER"), ("القاهرة", "LOC"), ("عادل بن رستم", "PER")} <= names
    assert all(0 <= confidence <= 1 for confidence in prediction.confidences)


def test_the_number_of_threads_changes_no_digit(monkeypatch: pytest.MonkeyPatch) -> None:
    sentences = [SENTENCE * n + SENTENCE[:m] for n in (1, 2, 4) for m in (0, 3, 7)] * 4
    found = []
    for threads in ("1", "2"):
        monkeypatch.setenv("LIQA_THREADS", threads)
        found.append(load_shipped("default").probabilities(sentences, LABELS))
    assert all((one == two).all() for one, two in zip(*found, strict=True))


def test_tagging_needs_no_torch() -> None:
    code = "import sys; from pipeline.models import load_tagger; load_tagger('default'); print('torch' in sys.modules)"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "False"


def test_the_benchmark_tagger_knows_the_corpus_own_four_types() -> None:
    tagger = load_tagger("anercorp")
    prediction = tagger.predict([SENTENCE])[0]
    names = {(" ".join(SENTENCE[a:b]), kind) for a, b, kind in decode_bio(prediction.labels)}
    assert ("القاهرة", "LOC") in names
    assert len(prediction.labels) == len(SENTENCE)


_FORK = """
import os, sys
from pipeline.run import open_tagger
tagger, words = open_tagger("default"), [["التقى", "سالم", "الوردي", "نظيره", "في", "عمان"]]
answer = tagger.predict(words)
child = os.fork()
if child == 0:
    os._exit(tagger.predict(words) != answer)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]))
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="no fork on this system")
def test_a_forked_process_tags_as_its_parent_does() -> None:
    # a child that waits for a thread of its parent waits for ever
    ended = subprocess.run([sys.executable, "-W", "ignore", "-c", _FORK], timeout=120, check=False)
    assert ended.returncode == 0

"""The reader: windows lose no sentence, the graph says what torch says, and who is not read gets no opinion."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ModelError
from pipeline.evaluation.gold import GoldMeeting
from pipeline.meetings.features import describe_all
from pipeline.meetings.opinions import judge_pairs, opinions_on
from pipeline.meetings.pairs import find_pairs
from pipeline.meetings.reader import HEAD_FILE, KINDS, Reader, load_reader
from pipeline.meetings.view import View, build_view
from pipeline.meetings.windows import Window, cut_sentences, marks_of, windows_of
from pipeline.models import models_folder
from pipeline.schema import MeetingKind, Status
from pipeline.scorer import Scorer, sigmoid
from pipeline.taggers.transformer import GRAPH_FILE, SETTINGS_FILE, PieceVectors
from pipeline.taggers.vectors import from_bytes
from pipeline.taggers.wordpieces import LENGTH
from pipeline.training.cards import write_card
from pipeline.training.pieces import build_pieces
from pipeline.training.reader_answers import Answers, stated
from tests.unit.test_meetings import analyse

WORDS = ["التقى", "سالم", "الوردي", "نظيره", "هاني", "البدوي", "في", "عمان", "وبحث", "معه", "الملف", "أمس"]
PIECES = build_pieces(WORDS, [10] * len(WORDS), 60)
WIDTH = 24
_RNG = np.random.default_rng(0)
VECTORS = PieceVectors(
    PIECES, _RNG.integers(-127, 128, (len(PIECES), WIDTH)).astype(np.int8), np.full(len(PIECES), 0.02, np.float16)
)
NAMES = {"سالم الوردي": "p", "هاني البدوي": "p", "عمان": "l"}
STORY = "التقى سالم الوردي نظيره هاني البدوي خلال زيارة إلى عمان أمس. وبحث الوردي معه الملف."


def view_of(text: str) -> View:
    return build_view(analyse(text, NAMES))


def meeting_at(place: str | None, day: str | None = None) -> GoldMeeting:
    return GoldMeeting(MeetingKind.VISIT, Status.HELD, day, place, frozenset(), None)


@given(st.lists(st.integers(1, 90), min_size=1, max_size=14), st.data())
def test_each_wanted_sentence_is_asked_for_once_and_lies_in_its_window(sizes: list[int], data: st.DataObject) -> None:
    view = view_of("\n".join(" ".join(["سالم"] * size) for size in sizes))
    assert len(view.words) == len(sizes)
    wanted = data.draw(st.sets(st.integers(0, len(sizes) - 1)))
    windows = list(windows_of(cut_sentences(view, VECTORS), wanted))
    cores = [sentence for window in windows for sentence in window.core]
    assert len(cores) == len(set(cores))
    assert wanted <= set(cores)
    for window in windows:
        assert len(window.ids) <= LENGTH
        assert set(window.core) <= set(window.stretches)
        for sentence, words in window.stretches.items():
            assert [window.ids[start:end] for start, end in words] == [tuple(VECTORS.cut("سالم"))] * len(words)
            assert len(words) == len(view.words[sentence]) or len(window.ids) > LENGTH - 12


def test_what_stands_before_and_after_is_read_as_well() -> None:
    view = view_of("سالم هنا. هاني هناك. التقى سالم الوردي هاني البدوي. في عمان. أمس.")
    (window,) = windows_of(cut_sentences(view, VECTORS), {2})
    assert list(window.stretches) == [0, 1, 2, 3]


def test_names_triggers_and_other_tellings_are_marked_apart() -> None:
    view = view_of(STORY)
    (window,) = windows_of(cut_sentences(view, VECTORS), {0, 1})
    marks = marks_of(view, window)
    told = {
        word: set(marks[start:end])
        for row, words in zip(view.words, window.stretches.values(), strict=True)
        for word, (start, end) in zip(row, words, strict=True)
    }
    assert told["التقي"] == {7}
    assert told["سالم"] == {1}
    assert told["عمان"] == {2}
    assert told["الملف"] == {0}


def _fitted(folder: Path) -> tuple[Any, Reader]:
    torch = pytest.importorskip("torch")
    from pipeline.taggers.neural import open_session
    from pipeline.training.reader_net import ReaderNet, write_reader
    from pipeline.training.transformer import Sizes

    torch.manual_seed(1)
    net = ReaderNet(Sizes(0, WIDTH), hidden=8)
    with torch.no_grad():
        for weights in net.parameters():
            weights.add_(torch.randn(weights.shape) * 0.05)
    net.eval()
    write_reader(net, folder, models_folder() / "pieces")
    write_card(folder, kind="reader", trained_on=["gold/train"], notes="made for a test")
    return net, Reader(open_session(folder / GRAPH_FILE), VECTORS, from_bytes(folder / HEAD_FILE))


def test_the_graph_says_what_torch_says(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from pipeline.training.reader import with_states
    from pipeline.training.reader_examples import asked_of

    net, reader = _fitted(tmp_path)
    view = view_of(STORY)
    rows = [[(candidate, 0.9) for candidate, _ in row] for row in describe_all(view)]
    tellings = find_pairs(view, rows)
    assert tellings
    events = {0: stated(meeting_at("عمان", "2024-03-11")), 1: stated(meeting_at(None))}
    examples = asked_of("d", view, Answers(rows, [(t, 1.0) for t in tellings], events), VECTORS, 1.0)
    (asked,) = with_states(net, VECTORS, examples)
    assert asked.site_answers.tolist() == [1.0, 0.0]
    assert asked.day_answers.tolist() == [1.0, 0.0]
    with torch.no_grad():
        wanted = net(asked)
    reading = reader.open(view)
    parties = reading.parties([(number, c.link) for number, row in enumerate(rows) for c, _ in row])
    assert parties == pytest.approx(wanted["party"].tolist(), abs=0.03)
    assert max(abs(value) for value in parties if value is not None) > 0.1
    places = reading.places([(told, link) for told in (0, 1) for row in view.places for link in row])
    assert places == pytest.approx(wanted["place"].tolist(), abs=0.03)
    words = [
        view.words[sentence][first : last + 1] for sentence, first, last in map(view.words_of, view.analysis.dates)
    ]
    assert words == [["امس"]]
    dates = reading.dates([(told, day) for told in (0, 1) for day in view.analysis.dates])
    assert dates == pytest.approx(wanted["date"].tolist(), abs=0.03)
    for number, scores in enumerate(wanted["kind"]):
        kinds = reading.kinds(number)
        assert kinds is not None
        assert list(kinds.values()) == pytest.approx(torch.log_softmax(scores, 0).tolist(), abs=0.03)


def test_who_was_not_read_gets_no_opinion(tmp_path: Path) -> None:
    _, reader = _fitted(tmp_path)
    view = view_of(STORY)
    rows = [[(candidate, 0.9) for candidate, _ in row] for row in describe_all(view)]
    tellings = find_pairs(view, rows)
    sure, hopeless = [0.99] * len(tellings), [0.2] * len(tellings)
    for scores in (sure, hopeless):
        assert opinions_on(view, rows, tellings, scores, reader.open(view)) == [None] * len(tellings)
    doubtful = [0.5, *sure[1:]]
    told, *others = opinions_on(view, rows, tellings, doubtful, reader.open(view))
    links = {c.entity_id: c.link for c, _ in rows[tellings[0].trigger]}
    asked = [(tellings[0].trigger, links[one]) for one in (tellings[0].left, tellings[0].right)]
    assert told == pytest.approx(min(reader.open(view).parties(asked)))  # type: ignore[type-var]
    assert others == [None] * len(others)
    unlikely = [0.1 if telling.trigger == tellings[0].trigger else 0.99 for telling in tellings]
    assert opinions_on(view, rows, tellings, unlikely, reader.open(view)) == [None] * len(tellings)
    beside = next(at for at, one in enumerate(tellings) if at and one.trigger == tellings[0].trigger)
    unlikely[beside] = 0.4  # one pair with some hope, and the whole trigger is read
    assert opinions_on(view, rows, tellings, unlikely, reader.open(view))[0] == pytest.approx(told)
    assert reader.open(view).parties([]) == []


def test_of_a_sentence_longer_than_a_window_only_what_is_read_gets_an_opinion(tmp_path: Path) -> None:
    _, reader = _fitted(tmp_path)
    view = view_of(f"التقى سالم الوردي {'الملف ' * 260} هاني البدوي.")
    assert len(view.words) == 1
    number = next(i for i, trigger in enumerate(view.triggers) if trigger.token == 0)
    links = {candidate.entity_id: candidate.link for candidate, _ in describe_all(view)[number]}
    near, far = reader.open(view).parties([(number, links["سالم الوردي"]), (number, links["هاني البدوي"])])
    assert near is not None
    assert far is None


def test_a_window_is_read_once_however_often_it_is_asked_about(tmp_path: Path) -> None:
    _, reader = _fitted(tmp_path)
    view = view_of(STORY)
    read: list[int] = []

    class Counted(Reader):
        def states(self, window: Window, marks: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
            read.append(len(window.ids))
            return reader.states(window, marks)

    reading = Counted(None, VECTORS, from_bytes(tmp_path / HEAD_FILE)).open(view)
    reading.read(())
    assert read == []
    links = [link for row in view.links for link in row]
    first = reading.parties([(0, link) for link in links])
    assert reading.parties([(0, link) for link in links]) == first
    assert reading.kinds(0) == reader.open(view).kinds(0)
    assert set(reading.kinds(0) or {}) == set(KINDS)
    assert None not in reading.places([(0, link) for row in view.places for link in row])
    assert view.triggers[1].sentence == 0
    assert reading.kinds(1) is not None
    assert len(read) == 1
    assert view.triggers[2].sentence == 1
    assert reading.kinds(2) is not None
    assert len(read) == 2


def test_a_reader_made_with_other_pieces_is_refused(tmp_path: Path) -> None:
    _fitted(tmp_path)
    (tmp_path / SETTINGS_FILE).write_text('{"pieces": "of another make"}\n', "utf-8")
    write_card(tmp_path, kind="reader", trained_on=["gold/train"], notes="made for a test")
    with pytest.raises(ModelError, match="other pieces"):
        load_reader(tmp_path)


def test_a_scorer_fitted_without_a_reader_answers_alone() -> None:
    view = view_of(STORY)
    rows = [[(candidate, 0.9) for candidate, _ in row] for row in describe_all(view)]
    tellings = find_pairs(view, rows)
    judge = Scorer(("yes",), (0.3,), {}, {"threshold": 0.4})
    asked = judge_pairs(judge, view, rows, tellings, None)
    assert {(one.score, one.opinion) for one in asked} == {(sigmoid(0.3), None)}


def test_a_reader_is_read_back_from_its_bytes(tmp_path: Path) -> None:
    torch = pytest.importorskip("torch")
    from pipeline.training.reader_net import reader_in

    net, reader = _fitted(tmp_path)
    again = reader_in(tmp_path).eval()
    ids = np.arange(20) % len(PIECES)
    vectors, marks = torch.from_numpy(VECTORS.of(ids)), torch.arange(20) % 8
    with torch.no_grad():
        told, before = (one.states(vectors, marks).numpy() for one in (again, net))
    assert np.abs(told - before).max() < 0.2
    rows = [told[:5], told[5:10], told[:5] * told[5:10]]
    with torch.no_grad():
        own = again._answer("party", [torch.from_numpy(row) for row in rows]).numpy()
    np.testing.assert_allclose(reader.answer("party", rows), own, atol=1e-4)


def test_a_folder_without_a_reader_is_an_error_that_names_it(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=str(tmp_path)):
        load_reader(tmp_path)

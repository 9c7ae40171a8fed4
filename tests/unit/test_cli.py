"""Exit codes and words of the command line; what the commands do is tested where it is done."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from pipeline.cli import main
from pipeline.errors import ModelError

TEXT = "استقبل سالم الوردي اليوم ناصر الحمداني في عمان."
SETTINGS = '[tagger]\nname = "python:odd_taggers:Silent"\n[output]\nreport = false\ngraph = false\n'


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[1] / "e2e"))
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "settings.toml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def status(*arguments: object) -> object:
    with pytest.raises(SystemExit) as ended:
        main([str(argument) for argument in arguments])
    return ended.value.code


def liqa_run(folder: Path, *options: str) -> object:
    return status("run", folder / "in", "--output", folder / "out", "--config", folder / "settings.toml", *options)


def test_a_run_ends_with_0_and_its_numbers(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert liqa_run(folder, "--strict") == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == [
        "documents",
        "rejected",
        "mentions",
        "entities",
        "meetings",
        "tables",
    ]


def test_a_rule_of_the_registry_that_finds_no_name_is_told(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "rules.tsv").write_text("merge\tسالم\tناصر\n", encoding="utf-8")
    assert liqa_run(folder, "--registry", str(folder / "rules.tsv")) == 0
    assert "warning     registry file, line 1: no name سالم in the corpus" in capsys.readouterr().out
    manifest = json.loads((folder / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["unmatched_rules"] == ["line 1: no name سالم", "line 1: no name ناصر"]


def test_strict_ends_with_1_where_a_document_was_rejected(folder: Path) -> None:
    (folder / "in" / "b.txt").write_text("", encoding="utf-8")
    assert liqa_run(folder) == 0
    assert liqa_run(folder, "--strict") == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("run", "--nonsense"), "No such option"),
        (("run", "--outptu", "x"), "Did you mean '--output'?"),
        (("run", "--workers", "many"), "'liqa run --help'"),
        (("export",), "'liqa export --help'"),
        (("walk",), "No such command 'walk'; 'liqa --help'"),
        (("reprot", "out"), "did you mean 'report'?"),
        (("run", "no-such-folder"), "no-such-folder"),
        (("run", "in", "--config", "no-such.toml"), "no-such.toml"),
        (("run", "in", "--tagger", "no-such-tagger"), "no-such-tagger"),
        (("run", "in", "--engine", "dask"), "--scheduler"),
        (("run", "-", "--estimate"), "standard input"),
    ],
)
def test_wrong_usage_ends_with_2_and_says_what_is_wrong(
    folder: Path,
    arguments: tuple[str, ...],
    told: str,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(folder)
    assert status(*arguments) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [(("run", "no-such-folder"), "no-such-folder"), (("run", "--workers", "many"), "many")],
)
def test_errors_are_lines_of_json_where_the_log_is(
    arguments: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert status(*arguments, "--log-format", "json") == 2
    told_as = json.loads(capsys.readouterr().err)
    assert told_as["event"] == "error"
    assert told_as["exit_status"] == 2
    assert told in told_as["message"]


def test_an_estimate_is_a_line_of_json_where_the_log_is(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert liqa_run(folder, "--estimate", "--workers", "2", "--log-format", "json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["event"], told["documents"], told["sampled"], told["workers"]) == ("estimate", 1, 1, 2)
    assert told["words"] > 5


def test_no_command_shows_the_help_and_nothing_after_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert status() == 2
    assert capsys.readouterr().err.splitlines()[-1].split()[0] == "models"


def test_an_option_without_its_value_leads_to_the_help_of_its_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert status("run", "--output") == 2
    assert "'liqa run --help'" in capsys.readouterr().err


def test_a_bug_is_one_line_where_programs_read_the_log_and_raises_where_people_do(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> object:
        raise ZeroDivisionError("by nought")

    monkeypatch.setattr("pipeline.run.run", broken)
    assert liqa_run(folder, "--log-format", "json") == 1
    (line,) = capsys.readouterr().err.splitlines()
    told = json.loads(line)
    assert (told["event"], told["exit_status"]) == ("bug", 1)
    assert "by nought" in told["message"]
    with pytest.raises(ZeroDivisionError):
        main(["run", str(folder / "in"), "--output", str(folder / "out")])


def test_a_missing_model_ends_with_3(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LIQA_MODELS", str(folder / "none"))
    from pipeline import models

    models.load_tagger.cache_clear()
    assert status("run", folder / "in", "--output", folder / "out") == 3
    assert "missing" in capsys.readouterr().err


def test_a_missing_scorer_ends_the_run_and_rejects_no_document(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def missing(_: object) -> object:
        raise ModelError("models/meetings/pairs.tsv is missing; restore it")

    monkeypatch.setattr("pipeline.meetings.find_meetings", missing)
    assert liqa_run(folder, "--workers", "1") == 3
    assert capsys.readouterr().err == "Error: models/meetings/pairs.tsv is missing; restore it\n"


def test_an_output_that_is_a_file_ends_with_4_and_asks_for_another(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "out").write_text("taken", encoding="utf-8")
    assert liqa_run(folder) == 4
    assert capsys.readouterr().err.endswith("name a folder where you may write as --output\n")


def test_the_summary_says_where_the_reasons_for_rejection_are(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "in" / "b.txt").write_text("", encoding="utf-8")
    assert liqa_run(folder) == 0
    assert f"(reasons in {folder / 'out' / 'rejected.csv'})" in capsys.readouterr().out


@pytest.mark.parametrize("command", ["run", "extract", "tag", "evaluate", "models"])
def test_every_command_shows_an_example(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert status(command, "--help") == 0
    assert f"Example: liqa {command}" in capsys.readouterr().out


def test_extract_tells_encodings_apart_and_refuses_what_is_not_arabic(folder: Path) -> None:
    (folder / "old.txt").write_bytes("التقى الرئيس سامي حداد نظيره كريم الراوي.".encode("cp1256"))
    (folder / "latin.txt").write_bytes(b"The president met his peer.")
    assert status("extract", folder / "old.txt", "--tagger", "python:odd_taggers:Silent") == 0
    assert status("extract", folder / "latin.txt", "--tagger", "python:odd_taggers:Silent") == 2


def test_extract_prints_the_facts_of_a_text_as_json(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert status("extract", folder / "in" / "a.txt", "--tagger", "python:odd_taggers:Silent") == 0
    assert json.loads(capsys.readouterr().out)["meetings"] == []


def test_tag_writes_the_same_lines_with_a_tag_each(folder: Path) -> None:
    (folder / "words.conll").write_text("التقى\tX\nسالم\n\nفي\nعمان\n", encoding="utf-8")
    output = folder / "tagged.conll"
    options = ("--tagger", "python:odd_taggers:Silent", "--output", output)
    assert status("tag", folder / "words.conll", *options) == 0
    assert output.read_text(encoding="utf-8") == "التقى\tO\nسالم\tO\n\nفي\tO\nعمان\tO\n"


def test_tag_prints_where_a_dash_is_named(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "words.conll").write_text("سالم\n\nعمان\n", encoding="utf-8")
    monkeypatch.chdir(folder)
    assert status("tag", "words.conll", "--tagger", "python:odd_taggers:Silent", "--output", "-") == 0
    assert capsys.readouterr().out == "سالم\tO\n\nعمان\tO\n"
    assert not (folder / "-").exists()

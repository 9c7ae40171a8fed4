"""init, doctor, completion: what they print is true, and their endings say how it went."""

import json
import logging
import shutil
import subprocess
from dataclasses import fields
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.commands import doctor
from pipeline.commands.completion import command as completion
from pipeline.commands.doctor import Check
from pipeline.commands.doctor import command as doctor_command
from pipeline.commands.init import COMMENTS, SECTIONS, settings_file
from pipeline.commands.progress import LogFormat, Progress, summary
from pipeline.config import Config, load_config
from pipeline.run import RunSummary


def status_of(arguments: list[str]) -> int:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    return int(str(ended.value.code))


def test_init_writes_every_setting_at_its_default(tmp_path: Path) -> None:
    path = tmp_path / "liqa.toml"
    assert status_of(["init", str(path)]) == 0
    assert load_config(path) == Config()


def test_every_setting_has_its_comment() -> None:
    sections = {section.name: getattr(Config(), section.name) for section in fields(Config)}
    keys = {f"{name}.{key.name}" for name, section in sections.items() for key in fields(section)}
    assert keys <= set(COMMENTS)
    assert set(sections) == set(SECTIONS)
    assert all(f"# {COMMENTS[key]}" in settings_file() for key in keys)


def test_the_page_of_settings_shows_this_very_file() -> None:
    page = (Path(__file__).parents[2] / "docs" / "settings.md").read_text("utf-8")
    assert f"```toml\n{settings_file()}```" in page, "put the output of 'liqa init' into docs/settings.md"


def test_init_does_not_write_over_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "liqa.toml"
    path.write_text("mine", "utf-8")
    assert status_of(["init", str(path)]) == 4
    assert "--force" in capsys.readouterr().err
    assert path.read_text("utf-8") == "mine"
    assert status_of(["init", "--force", str(path)]) == 0
    assert load_config(path) == Config()


def test_doctor_finds_this_installation_sound(tmp_path: Path) -> None:
    made = CliRunner().invoke(doctor_command, ["--output", str(tmp_path / "not" / "there")], standalone_mode=False)
    assert made.return_value == 0, made.output
    for name in ("python", "one sentence", "file name encoding", "free disk", "write access"):
        assert f" {name} " in made.output
    assert not (tmp_path / "not").exists(), "looking makes nothing"


def test_doctor_ends_with_the_first_failure(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    found = [Check("a", "ok", "x"), Check("b", "FAIL", "gone", "fetch it", 3), Check("c", "FAIL", "shut", "open it", 4)]
    monkeypatch.setattr(doctor, "checks", lambda _: iter(found))
    made = CliRunner().invoke(doctor_command, ["--output", str(tmp_path)], standalone_mode=False)
    assert made.return_value == 3
    assert "gone; fetch it" in made.output


def test_doctor_compares_libraries_with_what_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    asked = ["click>=1", "duckdb>=1000", "no-such-library>=2", "not-here; extra == 'dev'"]
    monkeypatch.setattr(doctor, "requires", lambda _: asked)
    found = {check.name: (check.verdict, check.status) for check in doctor._libraries()}
    assert found == {"click": ("ok", 0), "duckdb": ("warn", 0), "no-such-library": ("FAIL", 2)}


@pytest.mark.parametrize(("log_format", "line"), [
    ("text", "warning: the cluster has no workers\n"),
    ("json", '{"event": "warning", "text": "the cluster has no workers"}\n'),
])  # fmt: skip
def test_what_a_run_warns_of_is_told_in_its_format(
    capsys: pytest.CaptureFixture[str], log_format: LogFormat, line: str
) -> None:
    with Progress(log_format):
        logging.getLogger("pipeline").warning("the cluster has no workers")
    assert capsys.readouterr().err == line


def test_progress_and_summary_can_be_read_by_programs(capsys: pytest.CaptureFixture[str]) -> None:
    made = RunSummary(Path("out"), {"documents": 2, "rejected": 1}, {"held": 3}, n_words=40, n_new=2, seconds=1.25)
    done = json.loads(summary(made, "json"))
    assert done == {
        "event": "done",
        "documents": 2,
        "rejected": 1,
        "analysed_now": 2,
        "words": 40,
        "meetings_by_status": {"held": 3},
        "unmatched_rules": [],
        "output": "out",
        "seconds": 1.2,
    }
    progress = Progress("json")
    progress._last = -100.0
    progress.add(2, 40)
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["documents"], line["words"]) == ("progress", 2, 40)


def test_the_first_rules_without_effect_are_told_and_how_many_more_there_are() -> None:
    counts = dict.fromkeys(("documents", "rejected", "mentions", "entities", "meetings"), 0)
    told = tuple(f"line {number}: no name سالم" for number in range(1, 31))
    made = RunSummary(Path("out"), counts, {}, n_words=0, n_new=0, seconds=1.0, unmatched_rules=told)
    warnings = [line for line in summary(made).splitlines() if line.startswith("warning")]
    assert "line 10: no name سالم in the corpus" in warnings[9]
    assert warnings[10:] == ["warning     registry file, 20 more; see unmatched_rules in manifest.json"]


def test_doctor_notices_a_missing_model(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LIQA_MODELS", str(tmp_path))
    failed = [check for check in doctor._models() if check.verdict == "FAIL"]
    assert [check.status for check in failed] == [3]


def test_doctor_notices_a_folder_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(**_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tempfile.TemporaryFile", refuse)
    check = doctor._rights(tmp_path)
    assert (check.verdict, check.status) == ("FAIL", 4)
    assert "Permission denied" in check.found


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_a_script_of_that_shell(shell: str) -> None:
    script = CliRunner().invoke(completion, [shell]).output
    assert "_LIQA_COMPLETE" in script
    if place := shutil.which(shell):
        assert subprocess.run([place, "-n"], input=script, text=True, check=False).returncode == 0


def test_a_shell_is_told_the_commands(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("_LIQA_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", "liqa e")
    monkeypatch.setenv("COMP_CWORD", "1")
    assert status_of([]) == 0
    assert set(capsys.readouterr().out.split()) == {"plain,evaluate", "plain,export", "plain,extract"}

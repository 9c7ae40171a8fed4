from pathlib import Path

import pytest

from pipeline.config import Config, config_from, load_config, with_settings
from pipeline.errors import ConfigError


def test_an_empty_file_is_the_defaults(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("")
    assert load_config(tmp_path / "c.toml") == Config()


def test_a_file_sets_what_it_names(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text('[run]\nworkers = 3\n[tagger]\nname = "camel"\n', encoding="utf-8")
    config = load_config(tmp_path / "c.toml")
    assert (config.run.workers, config.tagger.name, config.run.engine) == (3, "camel", "local")


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ({"run": {"worker": 2}}, "did you mean 'workers'"),
        ({"tager": {}}, "did you mean 'tagger'"),
        ({"run": {"workers": "two"}}, "write a value of type int"),
        ({"run": {"workers": -1}}, "write 0 or more"),
        ({"run": {"workers": True}}, "write a value of type int"),
        ({"run": {"engine": "spark"}}, "write one of 'local', 'dask'"),
        ({"run": 3}, "write [run]"),
        ({"workers": 2}, "workers stands outside of its section; write it below [run]"),
        ({"text_column": "body"}, "write it below [input]"),
    ],
)
def test_a_wrong_setting_is_named_with_what_to_write(table: dict[str, object], told: str) -> None:
    with pytest.raises(ConfigError, match="settings: ") as caught:
        config_from(table)
    assert told in str(caught.value)


def test_a_broken_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("[run\n")
    with pytest.raises(ConfigError, match=r"c\.toml: not valid TOML"):
        load_config(tmp_path / "c.toml")


def test_options_replace_only_what_was_given() -> None:
    config = with_settings(config_from({"run": {"workers": 3}}), "run", workers=None, engine="dask")
    assert (config.run.workers, config.run.engine) == (3, "dask")


def test_a_run_writes_its_tables_in_one_format_at_least() -> None:
    with pytest.raises(ConfigError, match="both false; let one"):
        config_from({"output": {"csv": False, "parquet": False}})
    without = config_from({"output": {"csv": False}})
    with pytest.raises(ConfigError, match="both false; let one"):
        with_settings(without, "output", parquet=False)


def test_a_worker_is_given_no_less_memory_than_it_begins_with() -> None:
    with pytest.raises(ConfigError, match="write 400 or more, or 0 for no limit"):
        config_from({"run": {"memory_mb": 300}})
    assert config_from({"run": {"memory_mb": 400}}).run.memory_mb == 400
    assert config_from({"run": {"memory_mb": 0}}).run.memory_mb == 0

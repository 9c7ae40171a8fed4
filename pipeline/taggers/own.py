"""A user's own tagger: ``python:MODULE:FUNCTION`` calls that function of an importable module."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module

from pipeline.errors import ConfigError
from pipeline.tagging import Tagger


def load_own(argument: str) -> Tagger:
    """What the function of ``MODULE:FUNCTION`` makes; ConfigError where there is none."""
    module, _, function = argument.partition(":")
    try:
        make: Callable[[], Tagger] = getattr(import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise ConfigError(
            f"tagger 'python:{argument}': {error}; write python:MODULE:FUNCTION of something importable"
        ) from error
    return make()

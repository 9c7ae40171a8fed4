"""A user's own tagger: ``python:MODULE:FUNCTION`` calls that function of an importable module.

What it does wrong is told as its own fault, so that its author knows where to look.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

from pipeline.errors import ConfigError, ModelError, PipelineError
from pipeline.tagging import Prediction


class OwnTagger:
    """The user's tagger, each of its answers looked at."""

    def __init__(self, tagger: Any, name: str) -> None:
        self.name = name
        self._tagger = tagger

    def predict(self, sentences: Sequence[Sequence[str]]) -> Sequence[Prediction]:
        """Its answers; PipelineError where it fails, ModelError where they are no predictions."""
        try:
            answers: Any = self._tagger.predict(sentences)
        except (PipelineError, MemoryError):
            raise
        except Exception as error:  # a user's code may raise anything; it is told as its own fault
            raise PipelineError(f"{_fault(self.name, error)}; mend its predict, or take another tagger") from error
        if not isinstance(answers, Sequence) or not all(isinstance(answer, Prediction) for answer in answers):
            raise ModelError(f"tagger {self.name!r}: predict gives no list of pipeline.tagging.Prediction; mend it")
        return answers


def load_own(argument: str) -> OwnTagger:
    """What the function of ``MODULE:FUNCTION`` makes.

    ConfigError where there is no such function, ModelError where it fails or makes no tagger.
    """
    name = f"python:{argument}"
    module, _, function = argument.partition(":")
    if not module or not function:
        raise ConfigError(f"tagger {name!r} names no function; write python:MODULE:FUNCTION, as python:my_taggers:make")
    try:
        make = getattr(import_module(module), function)
    except (ImportError, AttributeError) as error:
        raise ConfigError(f"tagger {name!r}: {error}; write python:MODULE:FUNCTION of something importable") from error
    except Exception as error:
        raise ModelError(f"{_fault(name, error)}; mend the module") from error
    try:
        tagger = make()
    except PipelineError:
        raise
    except Exception as error:
        raise ModelError(f"{_fault(name, error)}; mend the function that makes it") from error
    if not callable(getattr(tagger, "predict", None)):
        raise ModelError(f"tagger {name!r}: what its function makes has no predict method; return a tagger")
    return OwnTagger(tagger, name)


def _fault(name: str, error: Exception) -> str:
    return f"tagger {name!r} failed with {type(error).__name__}: {error}"

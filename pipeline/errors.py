"""The errors that a user can cause or mend; every message ends with what to do."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager

_NO_MEMORY = re.compile(r"cannot (?:allocate memory|map)|bad.?alloc|failed to (?:allocate memory|map)", re.IGNORECASE)


class PipelineError(Exception):
    """Base of every error that this package raises on purpose."""


class ConfigError(PipelineError):
    """A setting, an option or a name that does not exist or does not fit."""


class InputError(PipelineError):
    """A file or folder that cannot be read as documents."""


class OutputError(PipelineError):
    """A place that cannot be written: a full disk, or one without the right to write there."""


class AlignmentError(PipelineError):
    """Two sequences that must be of one length are not; a bug or a foreign tagger at fault."""


class ModelError(PipelineError):
    """A model file that is missing, damaged or of another version."""


def is_out_of_memory(error: BaseException) -> bool:
    """True where memory did not suffice: Python's own error, or a library's, which has only words for it.

    >>> is_out_of_memory(ImportError("libx.so: failed to map segment from shared object"))
    True
    """
    return isinstance(error, MemoryError) or _NO_MEMORY.search(str(error)) is not None


@contextmanager
def model_faults_told(model: str, remedy: str) -> Iterator[None]:
    """Turn what libraries raise while a model is loaded, which has no common base, into a ModelError.

    ``remedy`` says what to do. Where memory did not suffice the model is not at fault: that is a MemoryError.
    """
    try:
        yield
    except Exception as error:
        if is_out_of_memory(error):
            raise MemoryError(str(error)) from error
        raise ModelError(f"{model} cannot be loaded: {error!r}; {remedy}") from error

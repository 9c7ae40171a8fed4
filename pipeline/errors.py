"""The errors that a user can cause or mend; every message ends with what to do."""

from __future__ import annotations


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

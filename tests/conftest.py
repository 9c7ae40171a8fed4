"""No example of a law fails for being slow: how long one takes tells of the machine, not of the law."""

from __future__ import annotations

from hypothesis import settings

settings.register_profile("untimed", parent=settings(), deadline=None)
settings.load_profile("untimed")

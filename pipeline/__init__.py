"""Liqa reads Arabic news and tells who met whom."""

from __future__ import annotations

__version__ = "0.1.0"

"""Who met whom: triggers, candidate parties, a learned scorer, and one event for all the words that tell of it."""

from pipeline.meetings.stage import find_meetings

__all__ = ["find_meetings"]

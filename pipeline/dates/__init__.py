"""Dates in a text: when a page was published, and what its words say about when something happened."""

from pipeline.dates.expressions import find_dates
from pipeline.dates.publication import find_datelines, find_publication_date

__all__ = ["find_datelines", "find_dates", "find_publication_date"]

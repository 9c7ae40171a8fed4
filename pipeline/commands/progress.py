"""What a run shows while it works and when it is done."""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Iterator, Sequence
from types import TracebackType
from typing import Any, Literal

import click

_SECONDS_BETWEEN_LINES = 10.0
_MOST_RULES = 10  # told one by one


LogFormat = Literal["text", "json"]
_LOG = logging.getLogger("pipeline")


class _Warnings(logging.Handler):
    """Prints what the run warns of, on standard error."""

    def __init__(self, log_format: LogFormat) -> None:
        super().__init__(logging.WARNING)
        self._log_format = log_format

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        line = _json("warning", text=text) if self._log_format == "json" else f"warning: {text}"
        click.echo(line, err=True)


class Progress:
    """A moving line on a terminal, a line every ten seconds elsewhere, as text or as JSON; on standard error."""

    def __init__(self, log_format: LogFormat = "text") -> None:
        self._log_format = log_format
        self._start = self._last = time.perf_counter()
        self._n_documents = self._n_words = 0
        self._terminal = sys.stderr.isatty() and log_format == "text"
        self._bar: Any = None
        self._told = _Warnings(log_format)

    def __enter__(self) -> Progress:
        _LOG.addHandler(self._told)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        _LOG.removeHandler(self._told)
        if self._bar is not None:
            self._bar.stop()

    def add(self, n_documents: int, n_words: int) -> None:
        """Some more documents are done."""
        self._n_documents += n_documents
        self._n_words += n_words
        if self._terminal:
            self._move()
        elif time.perf_counter() - self._last >= _SECONDS_BETWEEN_LINES:
            self._last = time.perf_counter()
            click.echo(self._line(), err=True)

    def _line(self) -> str:
        seconds = max(time.perf_counter() - self._start, 1e-6)
        if self._log_format == "json":
            return _json("progress", documents=self._n_documents, words=self._n_words, seconds=round(seconds, 1))
        return (
            f"{self._n_documents:,} documents, {self._n_documents / seconds:,.1f} documents/s, "
            f"{self._n_words / seconds:,.0f} words/s"
        )

    def _move(self) -> None:
        if self._bar is None:
            from rich.console import Console
            from rich.status import Status

            self._bar = Status("", console=Console(stderr=True))
            self._bar.start()
        self._bar.update(self._line())


def _json(event: str, **values: Any) -> str:
    """A line of a log that programs read; the values in the order given."""
    return json.dumps({"event": event, **values}, ensure_ascii=False)


def summary(made: Any, log_format: LogFormat = "text") -> str:
    """The closing lines of a run: what came out, in numbers, and where it lies; one line as JSON."""
    counts = made.counts
    if log_format == "json":
        numbers = {"analysed_now": made.n_new, "words": made.n_words, "meetings_by_status": dict(made.statuses)}
        numbers["unmatched_rules"] = list(made.unmatched_rules)
        return _json("done", **counts, **numbers, output=str(made.output), seconds=round(made.seconds, 1))
    report = made.output / "report.html"
    reasons = f" (reasons in {made.output / 'rejected.csv'})" if counts["rejected"] else ""
    meetings = ", ".join(f"{n:,} {status}" for status, n in made.statuses.items()) or "none"
    return "\n".join(
        (
            f"documents   {counts['documents']:,} ({made.n_new:,} analysed now, {made.n_words:,} words)",
            f"rejected    {counts['rejected']:,}{reasons}",
            *([f"passed over {_passed_over(made.passed_over)}"] if made.passed_over else []),
            f"mentions    {counts['mentions']:,}",
            f"entities    {counts['entities']:,}",
            f"meetings    {counts['meetings']:,} ({meetings})",
            *_idle_rules(made.unmatched_rules),
            f"tables      {made.output} ({made.seconds:,.1f} s)",
            *([f"report      {report}; open it in a browser"] if report.exists() else []),
        )
    )


def _idle_rules(told: Sequence[str]) -> Iterator[str]:
    """The first of the rules of the registry file that have no effect, and how many more there are."""
    for rule in told[:_MOST_RULES]:
        yield f"warning     registry file, {rule} in the corpus; see entities.csv"
    if len(told) > _MOST_RULES:
        yield f"warning     registry file, {len(told) - _MOST_RULES:,} more; see unmatched_rules in manifest.json"


def _passed_over(by_ending: dict[str, int]) -> str:
    """Files that were no texts: how many of each ending."""
    endings = ", ".join(f"{n:,} {ending or 'without ending'}" for ending, n in by_ending.items())
    return f"{sum(by_ending.values()):,} (no texts: {endings})"

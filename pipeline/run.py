"""The run: the order of the stages, and the way from inputs to shards, tables and a manifest.

This is the only page that knows the order. A document passes through the stages alone, so that neither the number of
workers nor what else is in the batch can change a byte of its rows.
"""

from __future__ import annotations

import sys
import time
import traceback
import types
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from pipeline.config import Config
from pipeline.engines import Lost
from pipeline.engines.choice import open_engine
from pipeline.errors import ModelError, PipelineError, is_out_of_memory
from pipeline.export.files import whole_file
from pipeline.in_turn import IN_TURN
from pipeline.intake import Intake, find_sources, lost_part
from pipeline.journal import LOST, Journal, Part, settings_of
from pipeline.manifest import check_settings, describe, model_digests, settings_digest
from pipeline.outputs import disk_faults_told, remove_leftovers, write_graph, write_report, write_table
from pipeline.reading import SourceList
from pipeline.registry_rules import read_rules
from pipeline.schema import Analysis, Document, Mention, Rejected
from pipeline.shards import Rows, add_rows, count_words, document_key, text_digest, to_parquet
from pipeline.tables import TABLES
from pipeline.timing import StageTimes, peak_memory_mb
from pipeline.verdict import check_got_through, check_sums, nothing_read

if TYPE_CHECKING:
    from pipeline.tagging import Tagger

Stage = tuple[str, Callable[[Analysis], Any]]
Seconds = dict[str, float]


def analyse(
    documents: Iterable[Document],
    tagger: Tagger,
    *,
    times: StageTimes | None = None,
    instead: Mapping[str, Callable[[Analysis], Any]] | None = None,
) -> Iterator[Analysis | Rejected]:
    """Each document with all that was found in it, or why it was rejected; in the order given.

    Threads may call it at the same time: the documents of a process are analysed one after another.
    ``instead`` holds functions that take the place of stages, by the field that the stage adds.
    """
    clock = times or StageTimes()
    stages = [(field, (instead or {}).get(field, stage)) for field, stage in _stages(tagger)]
    for document in documents:
        with IN_TURN:
            found = _analyse_one(document, stages, clock)
        yield found


def _analyse_one(document: Document, stages: Sequence[Stage], clock: StageTimes) -> Analysis | Rejected:
    analysis = Analysis(document)
    for field, stage in stages:
        try:
            made = clock.call(field, stage, analysis)
        except ModelError:  # no fault of the document: the next one will meet it too
            raise
        except PipelineError as error:
            return Rejected(document.doc_id, document.source, field, str(error))
        except Exception as error:  # docs/decisions/0003-bugs-reject.md: an archive outlives one document
            if is_out_of_memory(error):  # no fault of the document alone: the engine tries it again, with fewer others
                raise MemoryError(str(error)) from error
            return Rejected(document.doc_id, document.source, field, _told(error))
        analysis = replace(analysis, **{field: made})
    return analysis


def _told(error: Exception) -> str:
    """What an error that nobody foresaw says of itself, and where it arose."""
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else "an unknown place"
    return f"{type(error).__name__}: {error} (at {place}); this is a bug, please report it with the document"


def _stages(tagger: Tagger) -> tuple[Stage, ...]:
    """The stages in their order, each named for the field that it adds; imported when the first document is there."""
    from pipeline.dates import find_dates
    from pipeline.layout import find_segments
    from pipeline.meetings import find_meetings
    from pipeline.positions import find_positions
    from pipeline.references import find_references
    from pipeline.relations import find_relations
    from pipeline.resolve import resolve_entities
    from pipeline.segment import split_sentences

    return (
        ("document", _published),
        ("segments", find_segments),
        ("sentences", split_sentences),
        ("mentions", partial(_mentions, tagger)),
        ("entities", resolve_entities),
        ("positions", find_positions),
        ("references", find_references),
        ("dates", find_dates),
        ("meetings", find_meetings),
        ("relations", find_relations),
    )


def _published(analysis: Analysis) -> Document:
    from pipeline.dates import find_publication_date

    document = analysis.document
    if document.published is not None:
        return document
    found = find_publication_date(document.text)
    return document if found is None else replace(document, published=found[0], published_basis=found[1])


def _mentions(tagger: Tagger, analysis: Analysis) -> tuple[Mention, ...]:
    """The names of one document; alone, for in a batch its neighbours could change a probability in the last place."""
    from pipeline.tagging import find_mentions

    return find_mentions([analysis], tagger)[0]


def open_tagger(name: str) -> Tagger:
    """The tagger of that name, loaded once in a process."""
    from pipeline.models import load_tagger

    with IN_TURN:
        return load_tagger(name)


def map_unit(tagger_name: str, documents: Sequence[Document], *, settings: str = "") -> Part:
    """Shard of the documents: what a worker does, from text to Parquet bytes; ``settings`` is checked where given."""
    if settings:
        check_settings(tagger_name, settings)
    times = StageTimes(cpu=True)
    tagger = times.call("load", open_tagger, tagger_name)
    rows: Rows = {}
    n_words = 0
    for document, result in zip(documents, analyse(documents, tagger, times=times), strict=True):
        add_rows(rows, document_key(document), result)
        n_words += count_words(result) if isinstance(result, Analysis) else 0
    tables = times.call("shard", to_parquet, rows)
    return Part(tuple(map(document_key, documents)), tables, n_words, times.seconds, peak_memory_mb())


@dataclass(frozen=True, slots=True)
class RunSummary:
    """A run in numbers; ``counts`` holds the rows of each table, ``statuses`` the meetings by status.

    ``passed_over`` holds the number of files that were no texts, by the ending of their names; ``unmatched_rules``
    tells of lines of the registry file that have no effect.
    """

    output: Path
    counts: Mapping[str, int]
    statuses: Mapping[str, int]
    n_words: int
    n_new: int
    seconds: float
    passed_over: Mapping[str, int] | None = None
    unmatched_rules: tuple[str, ...] = ()


Report = Callable[[int, int], None]


def run(
    inputs: str | Path | Sequence[str | Path],
    output: str | Path,
    config: Config | None = None,
    *,
    fresh: bool = False,
    report: Report | None = None,
) -> RunSummary:
    """Tables, graph and manifest under ``output``; work done by an earlier run there is not done again.

    ``inputs`` are files, folders, patterns or ``-``, one or several. ``report`` is told of documents and words each
    time a shard is finished. PipelineError for what a user can mend.
    """
    config = config or Config()
    start = time.perf_counter()
    folder = Path(output)
    with disk_faults_told(folder):
        return _run([inputs] if isinstance(inputs, (str, Path)) else inputs, folder, config, fresh, report, start)


def _rules_path(config: Config) -> Path | None:
    return Path(config.corpus.registry) if config.corpus.registry else None


def _run(
    inputs: Sequence[str | Path], folder: Path, config: Config, fresh: bool, report: Report | None, start: float
) -> RunSummary:
    work = folder / ".work"
    sources = find_sources(inputs)
    models = model_digests(config.tagger.name)
    read_rules(_rules_path(config))  # a bad registry file stops the run before it starts
    settings = settings_digest(config.tagger.name, models)
    before = settings_of(work)
    if before is not None and (fresh or before != settings):  # no earlier work is dropped for a tagger that fails
        open_tagger(config.tagger.name)
    in_process = config.run.engine == "local" and config.run.workers == 1
    with Journal(work, settings, fresh=fresh, retry=not in_process) as journal:
        with journal.working():
            n_words, n_new, peak = _map(sources, config, settings, journal, report)
        mapped = time.perf_counter()
        empty = nothing_read(journal, inputs, folder)
        made = _reduce(journal, folder, config)
        facts = {
            "documents": check_sums(journal, made.counts),
            "counts": made.counts,
            "meetings_by_status": made.statuses,
            "unmatched_rules": made.unmatched_rules,
            "inputs": {"given": [*map(str, inputs)], "files": len(sources.sources), "passed_over": sources.passed_over},
            "models": models,
            "cpu_seconds": journal.seconds(),
            "seconds": {"map": mapped - start, **made.seconds, "run": time.perf_counter() - start},
            "peak_memory_mb": {"map": peak, "reduce": peak_memory_mb()},
        }
    with whole_file(folder / "manifest.json") as stream:
        stream.write(describe(config, **facts))
    if empty is not None:
        raise empty
    taken, told = time.perf_counter() - start, (sources.passed_over, made.unmatched_rules)
    return RunSummary(folder, made.counts, made.statuses, n_words, n_new, taken, *told)


def _map(
    sources: SourceList, config: Config, settings: str, journal: Journal, report: Report | None
) -> tuple[int, int, int]:
    """Bring every input into a committed shard; words and documents that were new, and the largest worker's memory."""
    engine = open_engine(config.run, size=lambda part: part.n_words, apart=journal.at_risk)
    n_words, n_new, peak, reason = 0, 0, 0, ""
    elsewhere = settings if config.run.engine == "dask" else ""  # workers here run these very files
    work = partial(map_unit, config.tagger.name, settings=elsewhere)
    intake = Intake(sources, config, journal)
    for part in engine.map(work, intake.units()):
        made = lost_part(part) if isinstance(part, Lost) else part
        digest = text_digest("".join(sorted(made.keys)))
        journal.commit(f"{LOST}{digest}" if isinstance(part, Lost) else digest, made)
        intake.done(made.keys)
        n_words += made.n_words
        n_new += len(made.keys)
        peak = max(peak, made.peak_memory_mb)
        if isinstance(part, Lost):
            reason = part.reason
            check_got_through(journal, reason, n_new)
        if report is not None:
            report(len(made.keys), made.n_words)
    check_got_through(journal, reason)
    return n_words, n_new, peak


class _Reduced(NamedTuple):
    """Rows of each table, meetings by status, seconds, and the registry's rules that have no effect."""

    counts: dict[str, int]
    statuses: dict[str, int]
    seconds: Seconds
    unmatched_rules: tuple[str, ...]


def _reduce(journal: Journal, folder: Path, config: Config) -> _Reduced:
    """Write the tables; what is in them."""
    from pipeline.reduce import Corpus

    remove_leftovers(folder, config)
    clock = StageTimes()
    rules = _rules_path(config)
    corpus = clock.call("reduce", partial(Corpus, journal, memory_mb=config.run.reduce_memory_mb, registry=rules))
    try:
        counts = {table.name: clock.call("tables", write_table, corpus, table, folder, config) for table in TABLES}
        if config.output.graph:
            clock.call("graph", write_graph, folder if config.output.parquet else corpus.folder, folder)
        statuses = dict(corpus.count("SELECT status, count(*) FROM corpus_meetings GROUP BY 1 ORDER BY 1"))
    finally:
        corpus.close()
    if config.output.report and (config.output.csv or config.output.parquet):
        clock.call("report", write_report, folder)
    return _Reduced(counts, statuses, clock.seconds, corpus.unmatched_rules)


class _Callable(types.ModuleType):
    """``pipeline.run`` is this module and, for users, the function: the import system binds one name to both."""

    def __call__(self, *arguments: Any, **options: Any) -> RunSummary:
        return run(*arguments, **options)


sys.modules[__name__].__class__ = _Callable

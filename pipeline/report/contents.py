"""From the tables of a run to what the report shows: the strongest entities, ties and facts, with their sentences."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

import duckdb

from pipeline.report.evidence import Sentences, Stretch, add_texts, mark_mentions, plain
from pipeline.report.placement import place
from pipeline.report.source import Row, open_tables, temporary

# A tie that a text states outweighs one that is only a shared sentence, in what is kept and in what lies close.
KIND_WEIGHTS: Mapping[str, float] = {"meeting": 10.0, "position": 4.0, "relation": 4.0, "co_mention": 1.0}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much of a corpus one page holds; the page states what it left out.

    ``entities``, ``edges``, ``meetings`` and ``facts`` (positions, and relations) keep the strongest;
    ``shared_sentences`` is the number of sentences kept for a co-mention, ``sentences`` that for all co-mentions.
    """

    entities: int = 5_000
    edges: int = 15_000
    meetings: int = 5_000
    facts: int = 10_000
    shared_sentences: int = 3
    sentences: int = 12_000


@dataclass(slots=True)
class Contents:
    """What the page shows, as plain rows for JSON; ``docs/report.md`` tells the columns of each."""

    counts: dict[str, Any] = field(default_factory=dict)
    documents: list[list[Any]] = field(default_factory=list)
    entities: list[list[Any]] = field(default_factory=list)
    edges: list[list[Any]] = field(default_factory=list)
    meetings: list[list[Any]] = field(default_factory=list)
    positions: list[list[Any]] = field(default_factory=list)
    relations: list[list[Any]] = field(default_factory=list)
    sentences: list[Any] = field(default_factory=list)

    def to_json(self) -> str:
        """The contents as one line of JSON."""
        rows = {column.name: getattr(self, column.name) for column in fields(self)}
        return json.dumps(rows, ensure_ascii=False, separators=(",", ":"))


def gather(tables_dir: Path, limits: Limits) -> Contents:
    """What the page shows of the tables in ``tables_dir``, within ``limits``; the same tables give the same contents.

    Raises InputError where the folder holds no tables.
    """
    with open_tables(tables_dir) as connection:
        return _Gathering(connection, limits).contents()


class _Gathering:
    """One reading of the tables: numbers entities, documents and sentences as facts refer to them."""

    def __init__(self, connection: duckdb.DuckDBPyConnection, limits: Limits) -> None:
        self.connection = connection
        self.limits = limits
        self.entities: dict[str, int] = {}
        self.documents: dict[str, int] = {}
        self.sentences = Sentences()
        self.made = Contents()

    def contents(self) -> Contents:
        """Everything, in an order in which each step finds what it refers to."""
        entities = self._strongest_entities()
        self._meetings()
        self._positions()
        self._relations()
        self._edges()
        self._place(entities)
        add_texts(self.connection, self.sentences)
        mark_mentions(self.connection, self.sentences, self.entities)
        self.made.sentences = [
            [self._document(stretch.doc_id), self.sentences.pieces(stretch), stretch.start, stretch.end]
            for stretch in self.sentences.numbers
        ]
        self._documents()
        self._counts()
        return self.made

    def _rows(self, query: str) -> list[Row]:
        rows: list[Row] = self.connection.execute(query).fetchall()
        return rows

    def _document(self, doc_id: str) -> int:
        return self.documents.setdefault(doc_id, len(self.documents))

    def _sentence(self, doc_id: str, start: int | None, end: int | None, text: str | None) -> int | None:
        if start is None or end is None:
            return None
        return self.sentences.number(Stretch(doc_id, start, end), text)

    def _strongest_entities(self) -> list[Row]:
        """Numbers the entities with the weightiest ties, then those named most."""
        weight = "CASE kind " + " ".join(f"WHEN '{k}' THEN {w}" for k, w in KIND_WEIGHTS.items()) + " ELSE 1 END"
        self.connection.execute(
            f"""CREATE TEMP VIEW tie AS SELECT *, weight * ({weight}) AS score FROM edges
            WHERE head_entity_id IS NOT NULL AND tail_entity_id IS NOT NULL AND head_entity_id <> tail_entity_id"""  # noqa: S608
        )
        rows = self._rows(
            f"""WITH ends AS (SELECT head_entity_id AS entity_id, score FROM tie
                UNION ALL SELECT tail_entity_id, score FROM tie),
            strength AS (SELECT entity_id, sum(score) AS score FROM ends GROUP BY 1)
            SELECT e.entity_id, e.type, e.name, e.country, e.wikidata_id, e.aliases, e.n_documents, e.n_mentions,
                e.first_date, e.last_date
            FROM entities e LEFT JOIN strength s USING (entity_id)
            ORDER BY coalesce(s.score, 0) DESC, e.n_mentions DESC NULLS LAST, e.entity_id
            LIMIT {self.limits.entities:d}"""  # noqa: S608
        )
        self.entities = {row[0]: number for number, row in enumerate(rows)}
        temporary(self.connection, "kept", "entity_id VARCHAR, n BIGINT", list(self.entities.items()))
        return rows

    def _meetings(self) -> None:
        """The surest meetings that have an entity of the page as a party, latest first."""
        self.connection.execute(
            f"""CREATE TEMP TABLE told AS SELECT m.*, coalesce(r.event_id, m.meeting_id) AS event_id
            FROM meetings m LEFT JOIN event_reports r USING (doc_id, meeting_id) WHERE (m.doc_id, m.meeting_id) IN
                (SELECT (p.doc_id, p.meeting_id) FROM participants p JOIN kept USING (entity_id))
            ORDER BY m.confidence DESC NULLS LAST, m.doc_id, m.meeting_id LIMIT {self.limits.meetings:d}"""  # noqa: S608
        )
        rows = self._rows(
            """SELECT meeting_id, doc_id, kind, status, date_from, date_to, date_basis, place_entity_id, "trigger",
                trigger_start, trigger_end, evidence, evidence_start, evidence_end, confidence, event_id
            FROM told ORDER BY date_from DESC NULLS LAST, doc_id, evidence_start, meeting_id"""
        )
        parties = self._parties()
        events: dict[str, int] = {}
        for row in rows:
            meeting_id, doc_id, kind, status, first, last, basis, where, trigger = row[:9]
            shown = self._sentence(doc_id, row[12], row[13], row[11])
            stretch = Stretch(doc_id, row[12] or 0, row[13] or 0)
            self.sentences.mark(stretch, row[9], row[10], -2)
            members = []
            for entity_id, name, role, text, start, end in parties.get((doc_id, meeting_id), ()):
                number = self.entities.get(entity_id, -1)
                self.sentences.mark(stretch, start, end, number)
                members.append([number, plain(role), plain(text), "" if number >= 0 else plain(name)])
            spot = self.entities.get(where, -1) if where else -1
            event = events.setdefault(row[15], len(events))
            self.made.meetings.append(
                [self._document(doc_id), kind, status, first, last, basis, spot, plain(trigger),
                 _rounded(row[14]), shown, members, event]
            )  # fmt: skip

    def _parties(self) -> dict[tuple[str, str], list[Row]]:
        """The parties of the meetings on the page, in the order of their words."""
        found: dict[tuple[str, str], list[Row]] = {}
        for row in self._rows(
            """SELECT DISTINCT p.doc_id, p.meeting_id, p.entity_id, e.name, p.role, p.text, p.start, p."end"
            FROM participants p SEMI JOIN told USING (doc_id, meeting_id) LEFT JOIN entities e USING (entity_id)
            ORDER BY p.doc_id, p.meeting_id, p.start NULLS LAST, p.entity_id, p.role"""
        ):
            found.setdefault((row[0], row[1]), []).append(row[2:])
        return found

    def _positions(self) -> None:
        """Each position once, with the number of texts that tell of it and its best evidence."""
        rows = self._rows(
            f"""SELECT k.n, p.title, o.n, p.of_country, p.former, max(p.confidence), count(DISTINCT p.doc_id),
                {_best("p.doc_id")}, {_best("p.evidence_start")}, {_best("p.evidence_end")}, {_best("p.evidence")}
            FROM positions p JOIN kept k USING (entity_id) LEFT JOIN kept o ON o.entity_id = p.of_entity_id
            GROUP BY 1, 2, 3, 4, 5 ORDER BY 7 DESC, 1, 2, 3 NULLS LAST, 4 NULLS LAST, 5 LIMIT {self.limits.facts:d}"""  # noqa: S608
        )
        for holder, title, of_what, country, former, confidence, n_documents, doc_id, start, end, text in rows:
            shown = self._sentence(doc_id, start, end, text)
            of_number = -1 if of_what is None else of_what
            self.made.positions.append(
                [holder, plain(title), of_number, country or "", bool(former), _rounded(confidence), n_documents,
                 self._document(doc_id), shown]
            )  # fmt: skip

    def _relations(self) -> None:
        """Each relation once, with the number of texts that tell of it and its best evidence."""
        rows = self._rows(
            f"""SELECT h.n, p.relation, t.n, max(p.confidence), count(DISTINCT p.doc_id),
                {_best("p.doc_id")}, {_best("p.evidence_start")}, {_best("p.evidence_end")}, {_best("p.evidence")}
            FROM relations p JOIN kept h ON h.entity_id = p.head_entity_id JOIN kept t ON t.entity_id = p.tail_entity_id
            GROUP BY 1, 2, 3 ORDER BY 5 DESC, 1, 2, 3 LIMIT {self.limits.facts:d}"""  # noqa: S608
        )
        for head, kind, tail, confidence, n_documents, doc_id, start, end, text in rows:
            shown = self._sentence(doc_id, start, end, text)
            self.made.relations.append(
                [head, plain(kind), tail, _rounded(confidence), n_documents, self._document(doc_id), shown]
            )

    def _edges(self) -> None:
        """The weightiest ties between entities of the page; co-mentions with the sentences they share."""
        self.connection.execute(
            f"""CREATE TEMP TABLE drawn AS SELECT h.n AS h, t.n AS t, kind, label, weight, n_documents, first_date,
                last_date, score, h.entity_id AS head_id, t.entity_id AS tail_id
            FROM tie JOIN kept h ON h.entity_id = head_entity_id JOIN kept t ON t.entity_id = tail_entity_id
            ORDER BY score DESC, kind, h, t, label LIMIT {self.limits.edges:d}"""  # noqa: S608
        )
        shared = self._shared_sentences()
        for head, tail, kind, label, weight, n_documents, first, last in self._rows(
            "SELECT h, t, kind, label, weight, n_documents, first_date, last_date FROM drawn "
            "ORDER BY score DESC, kind, h, t, label"
        ):
            numbers = shared.get((head, tail), []) if kind == "co_mention" else []
            self.made.edges.append([head, tail, kind, plain(label), weight, n_documents, first, last, numbers])

    def _shared_sentences(self) -> dict[tuple[int, int], list[int]]:
        """The sentences that name both ends of a co-mention, for the strongest ones."""
        rows = self._rows(
            f"""WITH pair AS (SELECT h, t, head_id, tail_id, score FROM drawn WHERE kind = 'co_mention'),
            seen AS (SELECT DISTINCT m.entity_id, m.doc_id, m.sentence_start, m.sentence_end FROM mentions m
                WHERE m.entity_id IN (SELECT head_id FROM pair UNION SELECT tail_id FROM pair)),
            hits AS (SELECT h, t, score, a.doc_id, a.sentence_start, a.sentence_end,
                row_number() OVER (PARTITION BY h, t ORDER BY a.doc_id, a.sentence_start) AS nth
                FROM pair JOIN seen a ON a.entity_id = head_id
                JOIN seen b ON b.entity_id = tail_id AND b.doc_id = a.doc_id AND b.sentence_start = a.sentence_start)
            SELECT h, t, doc_id, sentence_start, sentence_end FROM hits WHERE nth <= {self.limits.shared_sentences:d}
            ORDER BY nth, score DESC, h, t LIMIT {self.limits.sentences:d}"""  # noqa: S608
        )
        found: dict[tuple[int, int], list[int]] = {}
        for head, tail, doc_id, start, end in rows:
            number = self._sentence(doc_id, start, end, None)
            if number is not None:
                self._document(doc_id)
                found.setdefault((head, tail), []).append(number)
        return found

    def _place(self, rows: list[Row]) -> None:
        """The entities with their places in the plane."""
        weights: dict[tuple[int, int], float] = {}
        shared: list[tuple[int, int]] = []
        stated = any(edge[2] != "co_mention" for edge in self.made.edges)
        for head, tail, kind, _, weight, *_ in self.made.edges:
            pair = (min(head, tail), max(head, tail))
            if stated and kind == "co_mention":  # hidden at first: those who share but a sentence lie around the rest
                shared.append(pair)
            else:
                weights[pair] = weights.get(pair, 0.0) + KIND_WEIGHTS.get(kind, 1.0) * (weight or 1)
        points = place(len(rows), [(h, t, w) for (h, t), w in sorted(weights.items())], shared)
        for (entity_id, kind, name, country, wikidata, aliases, n_documents, n_mentions, first, last), (x, y) in zip(
            rows, points, strict=True
        ):
            others = [plain(alias) for alias in (aliases or "").split("|") if plain(alias)]
            self.made.entities.append(
                [kind, plain(name), country or "", wikidata or "", others, n_documents or 0, n_mentions or 0,
                 first or "", last or "", x, y, entity_id]
            )  # fmt: skip

    def _documents(self) -> None:
        """The documents that facts refer to, by number."""
        temporary(self.connection, "cited", "doc_id VARCHAR, n BIGINT", list(self.documents.items()))
        rows = self._rows(
            "SELECT c.doc_id, d.title, d.date, d.source FROM cited c LEFT JOIN documents d USING (doc_id) ORDER BY c.n"
        )
        self.made.documents = [[plain(d), plain(title), date or "", plain(source)] for d, title, date, source in rows]

    def _counts(self) -> None:
        """The numbers of the whole run, and how much of them the page shows."""
        one = {name: self._rows(f"SELECT count(*) FROM {name}")[0][0] for name in _COUNTED}  # noqa: S608 - fixed names
        by_type: dict[str, int] = dict(self._rows("SELECT type, count(*) FROM entities GROUP BY 1 ORDER BY 1"))
        by_status: dict[str, int] = dict(self._rows("SELECT status, count(*) FROM meetings GROUP BY 1 ORDER BY 1"))
        first, last, words = self._rows("SELECT min(date), max(date), sum(n_words) FROM documents")[0]
        shown = {name: len(getattr(self.made, name)) for name in ("entities", "edges", "meetings")}
        self.made.counts = {
            "all": one,
            "types": by_type,
            "statuses": by_status,
            "shown": shown,
            "first": first or "",
            "last": last or "",
            "words": int(words or 0),
        }


_COUNTED = ("documents", "rejected", "mentions", "entities", "meetings", "positions", "relations", "edges", "events")


def _best(column: str) -> str:
    """SQL for the value of ``column`` in the surest row of a group, the first document deciding between equals."""
    order = "ORDER BY p.confidence DESC NULLS LAST, p.doc_id, p.evidence_start"
    return f"first({column} {order})"


def _rounded(confidence: float | None) -> float | None:
    return None if confidence is None else round(confidence, 3)

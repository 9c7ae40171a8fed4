"""Tables as a run would write them, made from invented people: truth for the report, the figures and their tests."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import combinations
from pathlib import Path
from typing import Any

from pipeline.tables import TABLES
from tests.invented_names import invented_names

TITLES = ("رئيس", "وزير", "مدير", "أمين عام", "سفير", "متحدث باسم")
TELLING = {
    "held": ("التقى {a} {b} في {p} وبحثا التعاون.", "اجتمع {a} مع {b} في {p} لمناقشة الميناء الجديد."),
    "planned": ("من المقرر أن يلتقي {a} {b} في {p} الأسبوع المقبل.",),
    "cancelled": ("ألغى {a} لقاءه مع {b} في {p}.",),
    "denied": ("نفى متحدث أن يكون {a} قد التقى {b} في {p}.",),
}
TRIGGERS = ("التقى", "اجتمع", "يلتقي", "لقاءه")


@dataclass
class Corpus:
    """Rows by table, filled document by document."""

    rows: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    names: dict[str, tuple[str, str]] = field(default_factory=dict)
    ties: dict[tuple[str, str, str, str], list[tuple[str, str]]] = field(default_factory=lambda: defaultdict(list))

    def write(self, folder: Path) -> Path:
        """Every table as CSV with a byte-order mark."""
        folder.mkdir(parents=True, exist_ok=True)
        for table in TABLES:
            with (folder / f"{table.name}.csv").open("w", encoding="utf-8-sig", newline="") as stream:
                writer = csv.DictWriter(stream, table.column_names, restval="", lineterminator="\n")
                writer.writeheader()
                writer.writerows(self.rows[table.name])
        return folder


def make_corpus(n_entities: int = 60, n_documents: int = 40, *, seed: int = 7, hostile: bool = False) -> Corpus:
    """A corpus in which some people meet often and most seldom, over three years."""
    chance = random.Random(seed)  # noqa: S311 - invented texts need no secrets
    made = Corpus(names=invented_names(n_entities, chance, hostile))
    people = [e for e, (kind, _) in made.names.items() if kind == "PER"]
    others = {kind: [e for e, (k, _) in made.names.items() if k == kind] for kind in ("LOC", "ORG")}
    offices = {person: (chance.choice(TITLES), chance.choice(others["ORG"])) for person in people}
    for n in range(n_documents):
        day = date(2022, 3, 1) + timedelta(days=chance.randrange(1100))
        _document(made, f"{n:04d}_wire", day, people, others, offices, chance)
    _entities(made)
    _edges(made)
    for event in sorted({row["event_id"] for row in made.rows["event_reports"]}):
        made.rows["events"].append({"event_id": event})
    made.rows["rejected"].append(
        {
            "doc_id": "9999_torn",
            "source": "in/9999_torn.txt",
            "stage": "read",
            "reason": "empty; give it text or drop it",
        }
    )
    return made


def _document(
    made: Corpus, doc_id: str, day: date, people: list[str], others: dict[str, list[str]],
    offices: dict[str, tuple[str, str]], chance: random.Random,
) -> None:  # fmt: skip
    text = f"خبر {doc_id}\n\n"
    n_mentions = 0
    n_sentences = chance.randrange(2, 6)
    for _ in range(n_sentences):
        a, b = _two(people, chance)
        where = others["LOC"][min(int(chance.expovariate(0.4)), len(others["LOC"]) - 1)]
        status = chance.choices(("held", "planned", "cancelled", "denied"), (12, 4, 1, 1))[0]
        title, body = offices[a]
        frame = chance.choice(TELLING[status])
        start = len(text)
        marks: list[tuple[int, int, str]] = []
        sentence = ""
        for part in _parts(frame, {"a": (a, f"{title} ", body), "b": (b, "", ""), "p": (where, "", "")}):
            if isinstance(part, tuple):
                entity, shown = part
                marks.append((start + len(sentence), start + len(sentence) + len(shown), entity))
                sentence += shown
            else:
                for name in (made.names[part][1],) if part in made.names else ():
                    marks.append((start + len(sentence), start + len(sentence) + len(name), part))
                    sentence += name
                if part not in made.names:
                    sentence += part
        text += sentence + " "
        n_mentions += len(marks)
        _facts(
            made,
            doc_id,
            day,
            (start, start + len(sentence), sentence),
            marks,
            (a, b, where, status, title, body),
            chance,
        )
    made.rows["documents"].append(
        {"doc_id": doc_id, "source": f"in/{doc_id}.txt", "title": "", "date": day.isoformat(), "date_basis": "header",
         "encoding": "utf-8", "digest": doc_id, "n_chars": len(text), "n_words": len(text.split()),
         "n_sentences": n_sentences, "n_mentions": n_mentions, "n_meetings": n_sentences}
    )  # fmt: skip


def _parts(frame: str, slots: dict[str, tuple[str, str, str]]) -> list[Any]:
    """The frame as plain words and entity ids; the first party comes with title and body before the name."""
    parts: list[Any] = []
    for piece in frame.replace("{", "\x00{").replace("}", "}\x00").split("\x00"):
        if not piece.startswith("{"):
            parts.append(piece)
            continue
        entity, title, body = slots[piece[1]]
        parts += [title, body, " ", entity] if body else [entity]
    return [part for part in parts if part]


def _two(people: list[str], chance: random.Random) -> tuple[str, str]:
    """Two people; the first ones of the list come most often, so that the graph has a middle."""
    while True:
        at = min(int(chance.paretovariate(0.6)), 10**9) if chance.random() < 0.5 else chance.randrange(len(people))
        near = at + chance.choice((-3, -2, -1, 1, 2, 3)) if chance.random() < 0.7 else chance.randrange(len(people))
        a, b = people[at % len(people)], people[near % len(people)]
        if a != b:
            return a, b


def _facts(
    made: Corpus, doc_id: str, day: date, sentence: tuple[int, int, str], marks: list[tuple[int, int, str]],
    told: tuple[str, str, str, str, str, str], chance: random.Random,
) -> None:  # fmt: skip
    start, end, text = sentence
    a, b, where, status, title, body = told
    evidence = {"doc_id": doc_id, "evidence": text, "evidence_start": start, "evidence_end": end}
    sure = round(chance.uniform(0.35, 0.99), 3)
    for first, last, entity in marks:
        kind = made.names[entity][0]
        made.rows["mentions"].append(
            {"doc_id": doc_id, "start": first, "end": last, "text": text[first - start : last - start], "type": kind,
             "entity_id": entity, "sentence_start": start, "sentence_end": end, "link_reason": "same name",
             "confidence": 0.9}
        )  # fmt: skip
    meeting_id = f"M{doc_id}{start}"
    trigger = next(word for word in TRIGGERS if word in text)
    at = start + text.index(trigger)
    known = chance.random() < 0.8
    when = day + timedelta(days=6 if status == "planned" else -1)
    made.rows["meetings"].append(
        {"meeting_id": meeting_id, "kind": chance.choice(("meeting", "meeting", "visit", "call")), "status": status,
         "date_from": when.isoformat() if known else "", "date_to": when.isoformat() if known else "",
         "date_basis": "relative" if known else "", "place_entity_id": where, "trigger": trigger, "trigger_start": at,
         "trigger_end": at + len(trigger), **evidence, "rule": "verb", "features": "two people", "confidence": sure}
    )  # fmt: skip
    event = f"V{a}{b}{where}{status}"
    made.rows["event_reports"].append(
        {"event_id": event, "meeting_id": meeting_id, "doc_id": doc_id, "date": day.isoformat(), "status": status,
         "reason": "same parties"}
    )  # fmt: skip
    spans = {entity: (first, last) for first, last, entity in marks}
    for party in (a, b):
        first, last = spans[party]
        made.rows["participants"].append(
            {"meeting_id": meeting_id, "doc_id": doc_id, "entity_id": party, "role": "participant",
             "text": text[first - start : last - start], "start": first, "end": last}
        )  # fmt: skip
    made.rows["positions"].append(
        {
            "entity_id": a,
            "title": title,
            "of_entity_id": body,
            "of_country": "",
            "former": "false",
            **evidence,
            "confidence": sure,
        }
    )
    made.rows["relations"].append(
        {
            "head_entity_id": body,
            "relation": "located_in",
            "tail_entity_id": where,
            **evidence,
            "rule": "in",
            "confidence": sure,
        }
    )
    seen = sorted({entity for _, _, entity in marks})
    made.rows["sentences"].append({"doc_id": doc_id, "start": start, "end": end, "text": text})
    day_of_meeting = when.isoformat() if known else day.isoformat()
    for x, y in combinations(seen, 2):
        made.ties[x, y, "co_mention", ""].append((doc_id, day.isoformat()))
    made.ties[min(a, b), max(a, b), "meeting", status].append((doc_id, day_of_meeting))
    made.ties[a, body, "position", title].append((doc_id, day.isoformat()))
    made.ties[body, where, "relation", "located_in"].append((doc_id, day.isoformat()))


def _entities(made: Corpus) -> None:
    seen: dict[str, list[str]] = defaultdict(list)
    for row in made.rows["mentions"]:
        seen[row["entity_id"]].append(row["doc_id"])
    days = {row["doc_id"]: row["date"] for row in made.rows["documents"]}
    for n, (entity, documents) in enumerate(sorted(seen.items())):
        kind, name = made.names[entity]
        dates = sorted(days[doc_id] for doc_id in documents)
        made.rows["entities"].append(
            {"entity_id": entity, "type": kind, "name": name, "country": "",
             "wikidata_id": "Q4115189" if n == 0 else "",
             "aliases": name.split()[-1] + ("|" + name.replace("ا", "أ", 1) if "ا" in name else ""),
             "n_documents": len(set(documents)), "n_mentions": len(documents),
             "first_date": dates[0], "last_date": dates[-1]}
        )  # fmt: skip


def _edges(made: Corpus) -> None:
    for (head, tail, kind, label), told in sorted(made.ties.items()):
        dates = sorted(day for _, day in told)
        made.rows["edges"].append(
            {"head_entity_id": head, "tail_entity_id": tail, "kind": kind, "label": label, "weight": len(told),
             "n_documents": len({doc_id for doc_id, _ in told}), "first_date": dates[0], "last_date": dates[-1]}
        )  # fmt: skip

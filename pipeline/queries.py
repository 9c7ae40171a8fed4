"""The SQL of the reduce: from the rows of shards (``shard_*``) to the tables of a corpus, for DuckDB."""

from __future__ import annotations

RANKED = """
CREATE TABLE ranked AS SELECT key, doc_id, source, digest, date FROM shard_documents;
CREATE TABLE kept AS FROM ranked LIMIT 0;
"""

KEEP = """
INSERT INTO kept
SELECT key, doc_id, source, digest, date FROM (
    SELECT *, row_number() OVER (PARTITION BY digest ORDER BY doc_id) AS nth_of_text FROM (
        SELECT ranked.*, row_number() OVER (PARTITION BY ranked.doc_id ORDER BY ranked.digest, source, key) AS nth_of_id
        FROM ranked
        ANTI JOIN (SELECT doc_id FROM kept) ids ON ranked.doc_id = ids.doc_id
        ANTI JOIN (SELECT digest FROM kept) texts ON ranked.digest = texts.digest
    ) WHERE nth_of_id = 1
) WHERE nth_of_text = 1
"""
"""One turn of choosing documents, to be repeated until none is left whose id and text are both still free."""

DUPLICATES = """
CREATE TABLE duplicates AS
SELECT doc_id, source, 'duplicate' AS stage,
       CASE WHEN twin IS NOT NULL THEN 'same text as document ' || twin || ', which is kept'
            ELSE 'another text has the same id, from ' || owner || '; give each document an id of its own' END AS reason
FROM (
    SELECT ranked.*, twins.doc_id AS twin, owners.source AS owner
    FROM ranked ANTI JOIN kept USING (key)
    LEFT JOIN kept twins ON ranked.digest = twins.digest
    LEFT JOIN kept owners ON ranked.doc_id = owners.doc_id
);
"""

PROFILES = """
CREATE TABLE doc_positions AS
SELECT key, entity_id, list(DISTINCT office ORDER BY office) AS positions
FROM (SELECT key, entity_id, title || chr(30) || coalesce(of_country, '') AS office
      FROM shard_positions SEMI JOIN kept USING (key))
GROUP BY key, entity_id;
CREATE TABLE doc_profiles AS
SELECT e.key, e.entity_id, e.type, e.name, f.folded, e.forms, e.n_mentions,
       coalesce(e.country, '') AS country, coalesce(e.wikidata_id, '') AS wikidata_id,
       coalesce(p.positions, []) AS positions,
       md5(concat_ws(chr(31), e.type, f.folded, coalesce(e.country, ''), coalesce(e.wikidata_id, ''),
                     array_to_string(coalesce(p.positions, []), chr(29)))) AS profile_id
FROM shard_doc_entities e SEMI JOIN kept ON e.key = kept.key
JOIN folded f ON e.name = f.name
LEFT JOIN doc_positions p ON e.key = p.key AND e.entity_id = p.entity_id;
CREATE TABLE profile_forms AS
SELECT profile_id, form, sum(n) AS n FROM (
    SELECT profile_id, regexp_extract(part, '^(.*)=([0-9]+)$', 1) AS form,
           CAST(regexp_extract(part, '^(.*)=([0-9]+)$', 2) AS BIGINT) AS n
    FROM (SELECT profile_id, unnest(string_split(forms, '|')) AS part FROM doc_profiles)
) GROUP BY profile_id, form;
CREATE TABLE profile_neighbours AS
SELECT a.profile_id, b.folded, count(*) AS n
FROM doc_profiles a JOIN doc_profiles b ON a.key = b.key AND a.folded <> b.folded AND b.n_mentions > 0
SEMI JOIN (SELECT key FROM doc_profiles GROUP BY key HAVING count(*) <= 300) s ON a.key = s.key
WHERE a.type = 'PER' GROUP BY a.profile_id, b.folded
QUALIFY row_number() OVER (PARTITION BY a.profile_id ORDER BY count(*) DESC, b.folded) <= 20;
CREATE TABLE profile_names AS
SELECT profile_id, name FROM doc_profiles GROUP BY profile_id, name
QUALIFY row_number() OVER (PARTITION BY profile_id ORDER BY count(*) DESC, length(name), name) = 1;
CREATE TABLE profiles AS
SELECT p.profile_id, any_value(p.type) AS type, any_value(s.name) AS name,
       any_value(p.folded) AS folded, any_value(p.country) AS country, any_value(p.wikidata_id) AS wikidata_id,
       any_value(p.positions) AS positions,
       count(DISTINCT p.key) AS n_documents, CAST(sum(p.n_mentions) AS BIGINT) AS n_mentions,
       coalesce(min(k.date), '') AS first_date, coalesce(max(k.date), '') AS last_date
FROM doc_profiles p
JOIN kept k ON p.key = k.key
JOIN profile_names s ON p.profile_id = s.profile_id
GROUP BY p.profile_id;
"""

FORMS = "SELECT profile_id, form, n FROM profile_forms ORDER BY profile_id, n DESC, form"
NEIGHBOURS = "SELECT profile_id, folded FROM profile_neighbours ORDER BY profile_id, n DESC, folded"
"""What belongs to each profile, a row each: lists made in DuckDB would not spill, sorted rows do."""

CORPUS = """
CREATE TABLE entity_of AS
SELECT d.key, d.entity_id AS doc_entity_id, d.type, d.n_mentions, r.country, r.wikidata_id,
       CASE WHEN r.local THEN 'E' || md5(concat_ws(chr(31), r.entity_id, d.key, d.entity_id))[1:16]
            ELSE r.entity_id END AS entity_id,
       CASE WHEN r.local THEN d.name ELSE r.name END AS name
FROM doc_profiles d JOIN registry r USING (profile_id);
CREATE TABLE countries AS
SELECT country, min(entity_id) AS entity_id FROM registry WHERE country IS NOT NULL GROUP BY country;
CREATE TABLE corpus_mentions AS
SELECT m.* EXCLUDE (entity_id), e.entity_id
FROM shard_mentions m SEMI JOIN kept ON m.key = kept.key
LEFT JOIN entity_of e ON m.key = e.key AND m.entity_id = e.doc_entity_id;
CREATE TABLE corpus_positions AS
SELECT p.* EXCLUDE (entity_id, of_entity_id), e.entity_id, o.entity_id AS of_entity_id
FROM shard_positions p SEMI JOIN kept ON p.key = kept.key
JOIN entity_of e ON p.key = e.key AND p.entity_id = e.doc_entity_id
LEFT JOIN entity_of o ON p.key = o.key AND p.of_entity_id = o.doc_entity_id;
CREATE TABLE corpus_meetings AS
SELECT m.* EXCLUDE (place_entity_id), p.entity_id AS place_entity_id
FROM shard_meetings m SEMI JOIN kept ON m.key = kept.key
LEFT JOIN entity_of p ON m.key = p.key AND m.place_entity_id = p.doc_entity_id;
CREATE TABLE corpus_participants AS
SELECT * EXCLUDE (nth) FROM (
    SELECT p.* EXCLUDE (entity_id), e.entity_id,
           row_number() OVER (PARTITION BY p.key, p.meeting_id, e.entity_id ORDER BY p.start, p.role, p."end") AS nth
    FROM shard_participants p SEMI JOIN kept ON p.key = kept.key
    JOIN entity_of e ON p.key = e.key AND p.entity_id = e.doc_entity_id
) WHERE nth = 1;
CREATE TABLE corpus_relations AS
SELECT r.* EXCLUDE (head_entity_id, tail_entity_id), h.entity_id AS head_entity_id, t.entity_id AS tail_entity_id
FROM shard_relations r SEMI JOIN kept ON r.key = kept.key
JOIN entity_of h ON r.key = h.key AND r.head_entity_id = h.doc_entity_id
JOIN entity_of t ON r.key = t.key AND r.tail_entity_id = t.doc_entity_id;
"""

_ENTITIES = """
SELECT d.entity_id, any_value(d.type) AS type, min(d.name) AS name, min(d.country) AS country,
       min(d.wikidata_id) AS wikidata_id, any_value(f.aliases) AS aliases,
       count(DISTINCT d.key) AS n_documents, CAST(sum(d.n_mentions) AS BIGINT) AS n_mentions,
       min(k.date) AS first_date, max(k.date) AS last_date
FROM entity_of d JOIN kept k ON d.key = k.key
LEFT JOIN (
    SELECT entity_id, array_to_string(list(form ORDER BY n DESC, form)[1:50], '|') AS aliases FROM (
        SELECT r.entity_id, form, sum(n) AS n FROM profile_forms JOIN registry r USING (profile_id)
        WHERE form <> r.name GROUP BY r.entity_id, form
    ) GROUP BY entity_id
) f ON d.entity_id = f.entity_id
GROUP BY d.entity_id
"""

# A sentence of more than 60 names is a list, and a document of more than 300 entities a register: their pairs tell
# nothing, and one of ten thousand names would cost fifty million rows.
_TIES = """
WITH named AS (
    SELECT DISTINCT key, sentence_start, entity_id FROM corpus_mentions WHERE entity_id IS NOT NULL
), told AS (
    SELECT * FROM named QUALIFY count(*) OVER (PARTITION BY key, sentence_start) <= 60
)
SELECT a.entity_id AS head, b.entity_id AS tail, 'co_mention' AS kind, NULL AS label, k.date AS first_date,
       k.date AS last_date, a.key
FROM told a JOIN told b
  ON a.key = b.key AND a.sentence_start = b.sentence_start AND a.entity_id < b.entity_id
JOIN kept k ON a.key = k.key
UNION ALL
SELECT a.entity_id, b.entity_id, 'meeting', m.status, coalesce(m.date_from, k.date), coalesce(m.date_to, k.date), m.key
FROM corpus_meetings m
JOIN corpus_participants a ON m.key = a.key AND m.meeting_id = a.meeting_id
JOIN corpus_participants b ON m.key = b.key AND m.meeting_id = b.meeting_id AND a.entity_id < b.entity_id
JOIN kept k ON m.key = k.key
UNION ALL
SELECT p.entity_id, coalesce(p.of_entity_id, c.entity_id), 'position', p.title, k.date, k.date, p.key
FROM corpus_positions p JOIN kept k ON p.key = k.key LEFT JOIN countries c ON p.of_country = c.country
WHERE coalesce(p.of_entity_id, c.entity_id) IS NOT NULL
UNION ALL
SELECT r.head_entity_id, r.tail_entity_id, 'relation', r.relation, k.date, k.date, r.key
FROM corpus_relations r JOIN kept k ON r.key = k.key
"""

_EDGES = f"""
SELECT head AS head_entity_id, tail AS tail_entity_id, kind, label, count(*) AS weight,
       count(DISTINCT key) AS n_documents, min(first_date) AS first_date, max(last_date) AS last_date
FROM ({_TIES}) GROUP BY head, tail, kind, label
"""  # noqa: S608 -- built from this page alone

MEETING_PAIRS = """
SELECT a.entity_id AS one, b.entity_id AS other, m.meeting_id, m.doc_id, m.kind = 'call' AS call,
       coalesce(m.place_entity_id, '') AS place, c.country IS NOT NULL AS wide,
       CASE WHEN length(m.date_from) = 10 AND length(m.date_to) = 10 THEN m.date_from END AS first,
       CASE WHEN length(m.date_from) = 10 AND length(m.date_to) = 10 THEN m.date_to END AS last,
       m.date_from IS NULL AS undated, k.date AS published
FROM corpus_meetings m
JOIN corpus_participants a ON m.key = a.key AND m.meeting_id = a.meeting_id
JOIN corpus_participants b ON m.key = b.key AND m.meeting_id = b.meeting_id AND a.entity_id < b.entity_id
JOIN kept k ON m.key = k.key
LEFT JOIN (SELECT DISTINCT entity_id, country FROM registry WHERE country IS NOT NULL) c
  ON m.place_entity_id = c.entity_id
QUALIFY count(*) OVER (PARTITION BY one, other) > 1
ORDER BY one, other, coalesce(first, published), coalesce(last, published), m.doc_id, m.meeting_id
"""

_REPORTS = """
SELECT e.event_id, e.meeting_id, m.doc_id, k.date, m.status, e.reason
FROM event_of e JOIN corpus_meetings m USING (meeting_id) JOIN kept k ON m.key = k.key
"""

_EVENTS = """
WITH told AS (
    SELECT e.event_id, m.* FROM event_of e JOIN corpus_meetings m USING (meeting_id)
), votes AS (
    SELECT event_id, entity_id, count(*) AS n
    FROM told JOIN corpus_participants p ON told.key = p.key AND told.meeting_id = p.meeting_id
    GROUP BY event_id, entity_id
), sizes AS (
    SELECT event_id, count(*) AS n_reports FROM told GROUP BY event_id
), parties AS (
    SELECT event_id, array_to_string(list(entity_id ORDER BY n DESC, entity_id), '|') AS parties
    FROM votes JOIN sizes USING (event_id) WHERE 4 * n >= n_reports GROUP BY event_id
), dates AS (
    SELECT event_id, date_from, date_to FROM told WHERE date_from IS NOT NULL GROUP BY event_id, date_from, date_to
    QUALIFY row_number() OVER (
        PARTITION BY event_id ORDER BY length(date_from) DESC, count(*) DESC, date_to, date_from DESC) = 1
), places AS (
    SELECT event_id, place_entity_id FROM told WHERE place_entity_id IS NOT NULL GROUP BY event_id, place_entity_id
    QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY count(*) DESC, place_entity_id) = 1
), kinds AS (
    SELECT event_id, kind FROM told GROUP BY event_id, kind
    QUALIFY row_number() OVER (PARTITION BY event_id ORDER BY count(*) DESC, kind) = 1
)
SELECT told.event_id, any_value(kinds.kind) AS kind,
       CASE WHEN bool_or(status = 'held') THEN 'held' WHEN bool_or(status = 'cancelled') THEN 'cancelled'
            WHEN bool_or(status = 'denied') THEN 'denied' ELSE 'planned' END AS status,
       any_value(dates.date_from) AS date_from, any_value(dates.date_to) AS date_to,
       any_value(places.place_entity_id) AS place_entity_id, any_value(parties.parties) AS parties,
       count(*) AS n_reports, count(DISTINCT told.key) AS n_documents
FROM told JOIN kinds USING (event_id) LEFT JOIN parties USING (event_id)
LEFT JOIN dates USING (event_id) LEFT JOIN places USING (event_id)
GROUP BY told.event_id
"""

QUERIES = {
    "documents": "SELECT d.* FROM shard_documents d SEMI JOIN kept ON d.key = kept.key",
    "rejected": (
        "SELECT doc_id, source, stage, reason FROM shard_rejected "
        "UNION ALL SELECT * FROM unread UNION ALL SELECT * FROM duplicates"
    ),
    "mentions": "SELECT * FROM corpus_mentions",
    "sentences": "SELECT s.* FROM shard_sentences s SEMI JOIN kept ON s.key = kept.key",
    "entities": _ENTITIES,
    "positions": "SELECT * FROM corpus_positions",
    "meetings": "SELECT * FROM corpus_meetings",
    "participants": "SELECT * FROM corpus_participants",
    "relations": "SELECT * FROM corpus_relations",
    "edges": _EDGES,
    "merges": "SELECT * FROM merges",
    "events": _EVENTS,
    "event_reports": _REPORTS,
}

// What the page holds, with the indexes that the views need. Rows are plain lists in the JSON; here they get names.
const DAY = 86400000;

// First and last day (as days since 1970) of a day, month or year; null where unknown.
function dayRange(text) {
  const parts = /^(\d{4})(?:-(\d\d)(?:-(\d\d))?)?/.exec(text || "");
  if (!parts) return null;
  const [y, m, d] = [+parts[1], parts[2] ? +parts[2] : 0, parts[3] ? +parts[3] : 0];
  const first = Date.UTC(y, m ? m - 1 : 0, d || 1);
  const last = d ? first : m ? Date.UTC(y, m, 0) : Date.UTC(y, 11, 31);
  return [Math.floor(first / DAY), Math.floor(last / DAY)];
}
function span(from, to) {
  const first = dayRange(from) || dayRange(to);
  const last = dayRange(to) || first;
  return first ? [first[0], last[1]] : null;
}

// Merges spellings so that a search finds a name however it is typed; the same idea as the pipeline's `fold`.
function fold(text) {
  return text.normalize("NFKC").toLowerCase()
    .replace(/[\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\u061c\ufeff]/g, "")
    .replace(/[أإآٱ]/g, "ا").replace(/[ىیې]/g, "ي").replace(/ة/g, "ه").replace(/ؤ/g, "و").replace(/ئ/g, "ي").replace(/ء/g, "")
    .replace(/[کڪ]/g, "ك").replace(/گ/g, "غ").replace(/ڤ/g, "ف").replace(/پ/g, "ب").replace(/چ/g, "ج")
    .replace(/[\u0660-\u0669]/g, (c) => String(c.charCodeAt(0) - 0x660)).replace(/[\u06f0-\u06f9]/g, (c) => String(c.charCodeAt(0) - 0x6f0))
    .replace(/[^\p{L}\p{N}]+/gu, " ").replace(/(^| )عبد ?ال(?=\S)/g, "$1عبد").replace(/(^| )ال(?=\S{3})/g, "$1").trim();
}

function readContents(raw) {
  const entities = raw.entities.map(([type, name, country, wikidata, aliases, documents, mentions, first, last, x, y, id], index) => ({
    index, type, name: name || id, country, wikidata, aliases, documents, mentions, first, last, x, y, id,
    keys: [...new Set([name, ...aliases].map(fold))].filter(Boolean), edges: [], meetings: [], positions: [], relations: [], strength: 0, r: 4,
  }));
  const documents = raw.documents.map(([id, title, date, source]) => ({ id, title, date, source }));
  const sentences = raw.sentences.map(([document, pieces, start, end]) => ({ document: documents[document], pieces, start, end }));
  const meetings = raw.meetings.map(([document, kind, status, from, to, basis, place, trigger, confidence, sentence, members, event], index) => {
    const meeting = {
      index, event, document: documents[document], kind, status, from, to, basis, place: entities[place] || null, trigger, confidence,
      sentence: sentence === null ? null : sentences[sentence], days: span(from, to) || null,
      parties: members.map(([entity, role, text, name]) => ({ entity: entities[entity] || null, role, text, name: name || text })),
    };
    for (const entity of new Set([...meeting.parties.map((p) => p.entity), meeting.place])) if (entity) entity.meetings.push(meeting);
    return meeting;
  });
  const positions = raw.positions.map(([holder, title, of, country, former, confidence, texts, document, sentence]) => {
    const position = { holder: entities[holder], title, of: entities[of] || null, country, former, confidence, texts, document: documents[document], sentence: sentences[sentence] || null };
    position.holder.positions.push(position);
    if (position.of && position.of !== position.holder) position.of.positions.push(position);
    return position;
  });
  const relations = raw.relations.map(([head, kind, tail, confidence, texts, document, sentence]) => {
    const relation = { head: entities[head], kind, tail: entities[tail], confidence, texts, document: documents[document], sentence: sentences[sentence] || null };
    for (const entity of new Set([relation.head, relation.tail])) entity.relations.push(relation);
    return relation;
  });
  const model = { counts: raw.counts, entities, documents, sentences, meetings, positions, relations };
  model.edges = raw.edges.map((row, index) => readEdge(model, row, index));
  arrange(model);
  return model;
}

const STRENGTH = { meeting: 10, position: 4, relation: 4, co_mention: 1 };

function readEdge(model, [h, tail, kind, label, weight, texts, first, last, shown], index) {
  const a = model.entities[h], b = model.entities[tail];
  const edge = { index, a, b, kind, label, weight, texts, first, last, days: span(first, last), facts: [], slot: 0 };
  if (kind === "meeting") edge.facts = a.meetings.filter((m) => m.status === label && m.parties.some((p) => p.entity === a) && m.parties.some((p) => p.entity === b));
  else if (kind === "position") edge.facts = a.positions.filter((p) => p.holder === a && p.title === label && (p.of === b || (p.country && p.country === b.country)));
  else if (kind === "relation") edge.facts = a.relations.filter((r) => r.head === a && r.tail === b && r.kind === label);
  else edge.facts = shown.map((s) => ({ sentence: model.sentences[s], document: model.sentences[s].document, confidence: null, shared: true }));
  const known = edge.facts.map((f) => f.confidence).filter((c) => c !== null && c !== undefined);
  edge.confidence = known.length ? Math.max(...known) : null;
  for (const entity of [a, b]) {
    entity.edges.push(edge);
    entity.strength += (STRENGTH[kind] || 1) * (weight || 1);
  }
  return edge;
}

// Sizes by strength, and side by side slots for ties of one pair.
function arrange(model) {
  const most = Math.max(1, ...model.entities.map((e) => e.strength));
  for (const entity of model.entities) entity.r = 4.5 + 15 * Math.sqrt(entity.strength / most);
  const pairs = new Map();
  for (const edge of model.edges) {
    const key = Math.min(edge.a.index, edge.b.index) * model.entities.length + Math.max(edge.a.index, edge.b.index);
    const slots = pairs.get(key) || 0;
    pairs.set(key, slots + 1);
    edge.slot = slots === 0 ? 0 : (slots % 2 ? 1 : -1) * Math.ceil(slots / 2) * (edge.a.index < edge.b.index ? 1 : -1);
  }
  const days = [...model.meetings, ...model.edges].map((x) => x.days).filter(Boolean);
  model.time = days.length ? [Math.min(...days.map((d) => d[0])), Math.max(...days.map((d) => d[1]))] : null;
}

const freshFilters = (model) => ({
  types: new Set(["PER", "ORG", "LOC"]), statuses: new Set(["held", "planned", "cancelled", "denied"]),
  kinds: new Set(model.edges.some((e) => e.kind !== "co_mention") ? ["meeting", "position", "relation"] : ["meeting", "position", "relation", "co_mention"]),
  confidence: 0, weight: 1, time: null, undated: true, lonely: true, around: null,
});

function overlaps(days, filters) {
  if (!filters.time) return true;
  return days ? days[0] <= filters.time[1] && days[1] >= filters.time[0] : filters.undated;
}
const sure = (confidence, filters) => confidence === null || confidence === undefined || confidence >= filters.confidence;

function meetingPasses(meeting, filters) {
  return filters.kinds.has("meeting") && filters.statuses.has(meeting.status) && sure(meeting.confidence, filters) && overlaps(meeting.days, filters)
    && (!filters.around || meeting.place === filters.around || meeting.parties.some((p) => p.entity === filters.around));
}
function edgePasses(edge, filters) {
  if (!filters.kinds.has(edge.kind) || !filters.types.has(edge.a.type) || !filters.types.has(edge.b.type) || edge.weight < filters.weight) return false;
  if (edge.kind === "meeting") {
    if (!filters.statuses.has(edge.label)) return false;
    if (edge.facts.length) return edge.facts.some((m) => sure(m.confidence, filters) && overlaps(m.days || edge.days, filters));
  }
  return sure(edge.confidence, filters) && overlaps(edge.days, filters);
}

// The entities and ties that pass the filters, as { entities: Set, edges: [] }.
function visible(model, filters) {
  let edges = model.edges.filter((edge) => edgePasses(edge, filters));
  if (filters.around) {
    const near = new Set([filters.around]);
    for (const edge of edges) if (edge.a === filters.around || edge.b === filters.around) { near.add(edge.a); near.add(edge.b); }
    edges = edges.filter((edge) => near.has(edge.a) && near.has(edge.b));
  }
  const tied = new Set();
  for (const edge of edges) { tied.add(edge.a); tied.add(edge.b); }
  if (filters.around) tied.add(filters.around);
  const entities = filters.lonely || filters.around ? tied : new Set(model.entities.filter((e) => filters.types.has(e.type)));
  return { entities, edges };
}

// The given meetings as events: the surest report of each, with the other reports beside it, in the order given.
function asEvents(meetings) {
  const events = new Map();
  for (const meeting of meetings) {
    if (!events.has(meeting.event)) events.set(meeting.event, []);
    events.get(meeting.event).push(meeting);
  }
  return [...events.values()].map((reports) => {
    const [best, ...others] = [...reports].sort((x, y) => (y.confidence ?? 0) - (x.confidence ?? 0) || x.index - y.index);
    return { best, others };
  });
}

// Entities whose name or alias fits what was typed, best first; one slip of a letter is forgiven in words of four or more.
function findEntities(model, typed, most = 12) {
  const wanted = fold(typed);
  if (!wanted) return [];
  const words = wanted.split(" ");
  const found = [];
  for (const entity of model.entities) {
    let best = 0, alias = null;
    entity.keys.forEach((key, nth) => {
      const score = key === wanted ? 5 : key.startsWith(wanted) ? 4 : (" " + key).includes(" " + wanted) ? 3
        : words.every((word) => key.includes(word)) ? 2 : words.every((word) => key.split(" ").some((part) => alike(part, word))) ? 1 : 0;
      if (score > best) { best = score; alias = nth ? key : null; }
    });
    if (best) found.push({ entity, score: best, alias });
  }
  found.sort((x, y) => y.score - x.score || y.entity.strength - x.entity.strength || x.entity.index - y.entity.index);
  return found.slice(0, most);
}

// True where two words differ by at most one letter put in, left out or changed, or start alike.
function alike(word, typed) {
  if (word.startsWith(typed)) return true;
  if (typed.length < 4 || Math.abs(word.length - typed.length) > 1) return false;
  let i = 0;
  while (i < word.length && i < typed.length && word[i] === typed[i]) i += 1;
  const rest = (s, skip) => s.slice(i + skip);
  return rest(word, 1) === rest(typed, 1) || rest(word, 1) === rest(typed, 0) || rest(word, 0) === rest(typed, 1);
}

// What stands beside the graph: the overview, the page of an entity, and the page of a tie with its sentences.
const PAGE = 12;

// A list that shows `size` of its rows, and the rest on demand.
function listing(rows, make, size = PAGE, name = "ul") {
  const list = el(name, { class: "listing" });
  const more = el("button", { type: "button", class: "more" });
  let done = 0;
  const grow = () => {
    list.append(...rows.slice(done, done + size).map((row) => el("li", {}, make(row))));
    done = Math.min(rows.length, done + size);
    more.textContent = t("more", number(rows.length - done));
    more.hidden = done >= rows.length;
  };
  more.addEventListener("click", grow);
  grow();
  return [list, more];
}
const section = (key, count, ...body) => el("section", { class: "part" }, el("h3", {}, t(key), count === null ? "" : el("span", { class: "count" }, number(count))), body);

function meetingCard(meeting, open, chosen = [], others = []) {
  const date = period(meeting.from, meeting.to);
  return el("article", { class: `card meeting ${meeting.status}` },
    el("header", {}, chip(t(meeting.status), meeting.status), chip(t("kind_" + meeting.kind)),
      el("time", { title: meeting.basis ? t("basis_" + meeting.basis) : "" }, date || t("undatedShort")),
      meeting.place ? el("span", { class: "where" }, entityButton(meeting.place, open)) : null, confidenceBar(meeting.confidence)),
    el("ul", { class: "parties", "aria-label": t("parties") }, uniqueParties(meeting).map((party) => el("li", {},
      party.entity ? entityButton(party.entity, open) : el("span", { class: "name" }, bdi(party.name)),
      party.role && party.role !== "participant" ? el("span", { class: "role" }, t(party.role)) : ""))),
    quotation(meeting.sentence, meeting.document, chosen), others.length ? otherReports(others, chosen) : null);
}

// The further reports of the same event, on demand: each with its own status and words.
const otherReports = (others, chosen) => el("details", { class: "why" }, el("summary", {}, t("otherReports", number(others.length))),
  others.map((m) => el("div", { class: "other" }, chip(t(m.status), m.status), el("time", {}, period(m.from, m.to)), quotation(m.sentence, m.document, chosen))));

function uniqueParties(meeting) {
  const seen = new Set();
  return meeting.parties.filter((p) => { const key = p.entity || p.name; return !seen.has(key) && seen.add(key); });
}

const positionLine = (position, open, self) => el("div", { class: "line" },
  position.holder === self ? null : entityButton(position.holder, open),
  el("strong", {}, bdi(position.title)), position.of && position.of !== self ? entityButton(position.of, open) : position.country ? chip(countryName(position.country)) : null,
  position.former ? chip(t("former"), "soft") : null, position.texts > 1 ? el("span", { class: "faint" }, t("times", number(position.texts))) : null);

function countryName(code) {
  try { return new Intl.DisplayNames([language], { type: "region" }).of(code) || code; } catch { return code; }
}

function entityPage(entity, { open, openEdge, only, close }) {
  const seen = entity.first && entity.last && entity.first !== entity.last ? t("seen", when(entity.first), when(entity.last)) : entity.first || entity.last ? t("seenOnce", when(entity.first || entity.last)) : "";
  const header = el("header", { class: `head ${entity.type}` },
    el("button", { type: "button", class: "close", "aria-label": t("close"), onclick: close }, "×"),
    el("p", { class: "kicker" }, sign(entity.type), t(entity.type), entity.country ? " · " + countryName(entity.country) : ""),
    el("h2", { tabindex: -1 }, bdi(entity.name)),
    el("p", { class: "faint" }, t("nMentions", number(entity.mentions), number(entity.documents)), seen ? " · " + seen : ""),
    entity.aliases.length ? el("p", { class: "aliases" }, el("span", { class: "faint" }, t("aliases") + ": "), entity.aliases.slice(0, 14).map((alias) => el("bdi", { class: "alias" }, alias))) : null,
    el("p", { class: "acts" }, el("button", { type: "button", class: "act", onclick: () => only(entity) }, t("around", entity.name)),
      /^Q[1-9]\d*$/.test(entity.wikidata) ? el("a", { class: "act", href: "https://www.wikidata.org/wiki/" + entity.wikidata, target: "_blank", rel: "noopener noreferrer" }, t("wikidata") + " " + entity.wikidata) : null));
  const held = entity.positions.filter((p) => p.holder === entity), within = entity.positions.filter((p) => p.holder !== entity);
  const neighbours = [...entity.edges].sort((a, b) => (STRENGTH[b.kind] || 1) * b.weight - (STRENGTH[a.kind] || 1) * a.weight);
  const documents = documentsOf(entity);
  return el("div", { class: "page" }, header,
    held.length ? section("positions", held.length, ...listing(held, (p) => [positionLine(p, open, entity), fold_away(quotation(p.sentence, p.document, [entity]))])) : null,
    entity.meetings.length ? section("meetings", asEvents(entity.meetings).length, ...listing(asEvents(entity.meetings), (e) => meetingCard(e.best, open, [entity], e.others), 5)) : null,
    within.length ? section("positions", within.length, ...listing(within, (p) => [positionLine(p, open, entity), fold_away(quotation(p.sentence, p.document, [entity]))])) : null,
    entity.relations.length ? section("relations", entity.relations.length, ...listing(entity.relations, (r) => [relationLine(r, open), fold_away(quotation(r.sentence, r.document, [entity]))])) : null,
    neighbours.length ? section("neighbours", neighbours.length, ...listing(neighbours, (e) => edgeLine(e, entity, open, openEdge))) : null,
    documents.length ? section("docsOf", documents.length, ...listing(documents, documentName)) : null);
}

const relationLine = (r, open) => el("div", { class: "line" }, entityButton(r.head, open), el("span", { class: "verb" }, t(r.kind)), entityButton(r.tail, open));
const fold_away = (quote) => el("details", { class: "why" }, el("summary", {}, t("evidence")), quote);

function documentsOf(entity) {
  const found = new Set();
  for (const fact of [...entity.meetings, ...entity.positions, ...entity.relations]) found.add(fact.document);
  for (const edge of entity.edges) for (const fact of edge.facts) found.add(fact.document);
  return [...found].sort((a, b) => (b.date || "").localeCompare(a.date || "") || a.id.localeCompare(b.id));
}

function edgeLabel(edge) {
  if (edge.kind === "meeting") return `${t("meeting")} · ${t(edge.label)}`;
  if (edge.kind === "relation") return t(edge.label);
  return edge.kind === "position" ? edge.label : t(edge.kind);
}

const edgeLine = (edge, self, open, openEdge) => el("div", { class: "line" }, entityButton(edge.a === self ? edge.b : edge.a, open),
  el("button", { type: "button", class: `tie ${edge.kind} ${edge.kind === "meeting" ? edge.label : ""}`, onclick: () => openEdge(edge) }, bdi(edgeLabel(edge)), edge.weight > 1 ? el("span", { class: "count" }, t("times", number(edge.weight))) : ""));

function edgePage(edge, { open, close }) {
  const dates = period(edge.first, edge.last);
  const sorted = [...edge.facts].sort((x, y) => (y.confidence ?? 0) - (x.confidence ?? 0));
  const facts = edge.kind === "meeting" ? asEvents(sorted) : sorted;
  const make = (fact) => {
    if (edge.kind === "meeting") return meetingCard(fact.best, open, [edge.a, edge.b], fact.others);
    if (edge.kind === "position") return [positionLine(fact, open, null), quotation(fact.sentence, fact.document, [edge.a, edge.b])];
    if (edge.kind === "relation") return [relationLine(fact, open), quotation(fact.sentence, fact.document, [edge.a, edge.b])];
    return quotation(fact.sentence, fact.document, [edge.a, edge.b]);
  };
  return el("div", { class: "page" }, el("header", { class: "head edge" },
    el("button", { type: "button", class: "close", "aria-label": t("close"), onclick: close }, "×"),
    el("p", { class: "kicker" }, el("i", { class: `stroke ${edge.kind} ${edge.kind === "meeting" ? edge.label : ""}` }), bdi(edgeLabel(edge))),
    el("h2", { tabindex: -1, class: "pair" }, entityButton(edge.a, open), el("span", { class: "and", "aria-hidden": "true" }, "↔"), entityButton(edge.b, open)),
    el("p", { class: "faint" }, t("times", number(edge.weight)), dates ? " · " + dates : "", ` · ${number(edge.texts || 0)} ${t("documents")}`), confidenceBar(edge.confidence)),
  section("evidence", facts.length, facts.length ? listing(facts, make, 6) : el("p", { class: "faint" }, t("noEvidence"))));
}

function overviewPage(model, seen, filters, { open }) {
  const people = model.entities.filter((e) => e.type === "PER" && seen.entities.has(e)).slice(0, 8);
  const meetings = asEvents(model.meetings.filter((m) => meetingPasses(m, filters))).slice(0, 6);
  const most = Math.max(1, ...people.map((e) => e.strength));
  return el("div", { class: "page" }, el("header", { class: "head" }, el("h2", { tabindex: -1 }, t("overview")), el("p", { class: "faint" }, t("overviewHint"))),
    people.length ? section("topPeople", null, el("ol", { class: "listing ranks" }, people.map((e) => {
      const row = el("li", {}, entityButton(e, open), el("i", { class: "rank" }));
      row.lastChild.style.setProperty("--share", `${(100 * e.strength) / most}%`);
      return row;
    }))) : null,
    section("latestMeetings", null, meetings.length ? el("ul", { class: "listing" }, meetings.map((e) => el("li", {}, meetingCard(e.best, open, [], e.others)))) : el("p", { class: "faint" }, t("noMeetings"))));
}

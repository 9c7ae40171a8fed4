// The same contents as tables: the alternative to the canvas for keyboard and screen reader, and what one copies from.
const ROWS = 150;

// A table whose headers sort it; `columns` are [label key, value for sorting, content of the cell].
function sortable(caption, rows, columns, state, redraw) {
  const ordered = [...rows];
  if (state.by !== undefined) {
    const key = columns[state.by][1];
    ordered.sort((x, y) => compare(key(x), key(y)) * (state.down ? -1 : 1));
  }
  const body = el("tbody");
  const more = el("button", { type: "button", class: "more" });
  let done = 0;
  const grow = () => {
    body.append(...ordered.slice(done, done + ROWS).map((row) => el("tr", {}, columns.map(([, , cell], n) => el(n ? "td" : "th", n ? {} : { scope: "row" }, cell(row))))));
    done = Math.min(ordered.length, done + ROWS);
    more.textContent = t("more", number(ordered.length - done));
    more.hidden = done >= ordered.length;
  };
  more.addEventListener("click", grow);
  grow();
  const heads = columns.map(([label], n) => el("th", { scope: "col", "aria-sort": state.by === n ? (state.down ? "descending" : "ascending") : "none" },
    el("button", { type: "button", onclick: () => { state.down = state.by === n ? !state.down : false; state.by = n; redraw(); } }, t(label), el("span", { "aria-hidden": "true" }, state.by === n ? (state.down ? " ▾" : " ▴") : ""))));
  return [el("table", {}, el("caption", { class: "unseen" }, caption), el("thead", {}, el("tr", {}, heads)), body), more];
}

const collators = {};
function compare(x, y) {
  if (typeof x === "number" && typeof y === "number") return x - y;
  collators[language] ??= new Intl.Collator(language);
  return collators[language].compare(String(x ?? ""), String(y ?? ""));
}

// Each view: the rows that the filters leave, and its columns.
const LISTS = {
  entities: {
    rows: (model, seen) => model.entities.filter((e) => seen.entities.has(e)),
    columns: ({ open }) => [
      ["name", (e) => e.name, (e) => entityButton(e, open)], ["type", (e) => t(e.type), (e) => t(e.type)],
      ["aliases", (e) => e.aliases.join(" "), (e) => e.aliases.slice(0, 3).map((a) => el("bdi", { class: "alias" }, a))],
      ["positions", (e) => e.positions.length, (e) => { const p = e.positions.find((x) => x.holder === e); return p ? bdi(p.title) : ""; }],
      ["meetings", (e) => -e.meetings.length, (e) => (e.meetings.length ? number(e.meetings.length) : "")], ["ties", (e) => -e.edges.length, (e) => number(e.edges.length)],
      ["docsOf", (e) => -e.documents, (e) => number(e.documents)],
    ],
    plain: [["entity_id", (e) => e.id], ["type", (e) => e.type], ["name", (e) => e.name], ["aliases", (e) => e.aliases.join("|")], ["n_documents", (e) => e.documents], ["n_mentions", (e) => e.mentions]],
  },
  edges: {
    rows: (model, seen) => seen.edges,
    columns: ({ open, openEdge }) => [
      ["first", (e) => e.a.name, (e) => entityButton(e.a, open)],
      ["label", (e) => edgeLabel(e), (e) => el("button", { type: "button", class: `tie ${e.kind} ${e.kind === "meeting" ? e.label : ""}`, onclick: () => openEdge(e) }, bdi(edgeLabel(e)))],
      ["second", (e) => e.b.name, (e) => entityButton(e.b, open)], ["count", (e) => -e.weight, (e) => number(e.weight)],
      ["since", (e) => e.first || "", (e) => when(e.first)], ["until", (e) => e.last || "", (e) => when(e.last)],
      ["confidenceOf", (e) => -(e.confidence ?? -1), (e) => confidenceBar(e.confidence)],
    ],
    plain: [["head", (e) => e.a.name], ["head_entity_id", (e) => e.a.id], ["kind", (e) => e.kind], ["label", (e) => e.label], ["tail", (e) => e.b.name], ["tail_entity_id", (e) => e.b.id], ["weight", (e) => e.weight], ["first_date", (e) => e.first], ["last_date", (e) => e.last]],
  },
};

function drawList(host, name, model, seen, states, acts) {
  const { rows, columns, plain } = LISTS[name];
  const found = rows(model, seen);
  states[name] ??= {};
  host.replaceChildren(...(found.length ? [listHead(name, found, plain), ...sortable(t(name), found, columns(acts), states[name], () => drawList(host, name, model, seen, states, acts))] : [emptyState(t("nothing"), t("nothingHint"))]));
}

function drawMeetings(host, model, filters, acts) {
  const found = model.meetings.filter((m) => meetingPasses(m, filters));
  const columns = [["doc_id", (m) => m.document.id], ["kind", (m) => m.kind], ["status", (m) => m.status], ["date_from", (m) => m.from], ["date_to", (m) => m.to], ["place", (m) => (m.place ? m.place.name : "")],
    ["parties", (m) => uniqueParties(m).map((p) => (p.entity ? p.entity.name : p.name)).join("|")], ["confidence", (m) => m.confidence], ["evidence", (m) => (m.sentence && m.sentence.pieces ? m.sentence.pieces.map((p) => (typeof p === "string" ? p : p[0])).join("") : "")]];
  host.replaceChildren(...(found.length ? [listHead("meetings", found, columns), el("div", { class: "cards" }, ...listing(asEvents(found), (e) => meetingCard(e.best, acts.open, [], e.others), 40))] : [emptyState(t("nothing"), t("nothingHint"))]));
}

const listHead = (name, rows, columns) => el("div", { class: "listhead" }, el("strong", {}, t(name), el("span", { class: "count" }, number(rows.length))),
  el("button", { type: "button", class: "act", onclick: () => download(`liqa-${name}.csv`, csv(rows, columns)) }, t("download")));

// CSV that a spreadsheet opens well: a byte-order mark, quotes, and no cell that would run as a formula.
function csv(rows, columns) {
  const cell = (value) => {
    const text = String(value ?? "");
    return `"${(/^[=+@\t\r]|^-(?!\d)/.test(text) ? "'" + text : text).replaceAll('"', '""')}"`;
  };
  return "\ufeff" + [columns.map(([name]) => name).join(","), ...rows.map((row) => columns.map(([, value]) => cell(value(row))).join(","))].join("\r\n") + "\r\n";
}
function download(name, text) {
  const link = el("a", { href: URL.createObjectURL(new Blob([text], { type: "text/csv" })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

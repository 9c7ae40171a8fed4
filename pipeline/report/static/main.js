// Brings it together: one state, and what is drawn from it.
const MODEL = readContents(JSON.parse(byId("contents").textContent));
const state = { filters: freshFilters(MODEL), chosen: null, view: "graph", sorting: {}, seen: null };
const VIEWS = ["graph", "meetings", "entities", "edges"];
const remembered = { get: (k) => { try { return localStorage.getItem("liqa-" + k); } catch { return null; } }, set: (k, v) => { try { localStorage.setItem("liqa-" + k, v); } catch { /* private windows refuse */ } } };
const acts = { open: (entity) => choose(entity, true), openEdge: (edge) => choose(edge, true), close: () => choose(null), only: (entity) => { state.filters.around = entity; drawFilters(); refresh(); openView("graph"); graph.fit(500, [...state.seen.entities]); } };

function tip(what, x, y) {
  const box = byId("tip");
  box.hidden = !what;
  if (!what) return;
  box.replaceChildren(...(what.kind ? [bdi(what.a.name), " ↔ ", bdi(what.b.name), el("br"), el("span", { class: "faint" }, bdi(edgeLabel(what)), what.weight > 1 ? " · " + t("times", number(what.weight)) : "")]
    : [el("strong", {}, bdi(what.name)), el("br"), el("span", { class: "faint" }, t(what.type), what.positions.some((p) => p.holder === what) ? " · " + what.positions.find((p) => p.holder === what).title : "")]));
  box.style.left = `${Math.max(4, Math.min(x + 14, graph.width - box.offsetWidth - 8))}px`;
  box.style.top = `${Math.max(4, Math.min(y + 14, graph.height - box.offsetHeight - 8))}px`;
}

const graph = new GraphView(byId("graph"), MODEL, { choose: (what) => choose(what), tip });
// On a phone the graph comes first, the filters at a tap.
if (matchMedia("(max-width:900px)").matches) byId("filterbox").open = false;
const timeline = new Timeline(byId("timeline"), MODEL, { change: (range) => { state.filters.time = range; follow(); } });

// Everything that depends on the filters.
function refresh() {
  state.seen = visible(MODEL, state.filters);
  graph.show(state.seen);
  const empty = byId("emptygraph");
  empty.hidden = state.seen.entities.size > 0;
  if (!empty.hidden) empty.replaceChildren(MODEL.entities.length ? emptyState(t("nothing"), t("nothingHint")) : emptyState(t("emptyRun"), t("emptyRunHint")));
  byId("graph").setAttribute("aria-label", `${t("graph")}: ${t("nowShown", number(state.seen.entities.size), number(state.seen.edges.length))}`);
  announce(t("nowShown", number(state.seen.entities.size), number(state.seen.edges.length)));
  drawCounts();
  drawView();
  if (!state.chosen) drawPanel();
}

// While the time is dragged the graph and the counts follow at once, lists and panel when it rests.
let resting = 0;
function follow() {
  state.seen = visible(MODEL, state.filters);
  graph.show(state.seen);
  graph.glide();
  drawCounts();
  clearTimeout(resting);
  resting = setTimeout(refresh, 160);
}

function drawView() {
  if (state.view === "meetings") drawMeetings(byId("view-meetings"), MODEL, state.filters, acts);
  else if (state.view !== "graph") drawList(byId("view-" + state.view), state.view, MODEL, state.seen, state.sorting, acts);
}

function choose(what, centre = false) {
  state.chosen = what;
  graph.chosen = what;
  graph.hovered = null;
  byId("tip").hidden = true;
  if (what && centre && !what.kind && state.view === "graph") graph.centre(what);
  graph.draw();
  drawPanel();
  const hash = !what ? "" : what.kind ? `#tie=${what.index}` : `#name=${encodeURIComponent(what.id)}`;
  if (location.hash !== hash) history.pushState(null, "", hash || location.pathname + location.search);
  if (what && matchMedia("(max-width: 900px)").matches) byId("panel").scrollIntoView();
  if (what) { const title = byId("panel").querySelector("h2"); if (title) title.focus({ preventScroll: true }); }
}

function readHash() {
  const [, kind, value] = /^#(name|tie)=(.+)$/.exec(location.hash) || [];
  let wanted = value || "";
  try { wanted = decodeURIComponent(wanted); } catch { wanted = ""; }
  return kind === "name" ? MODEL.entities.find((e) => e.id === wanted) || null : kind === "tie" ? MODEL.edges[Number(wanted)] || null : null;
}

function drawPanel() {
  const panel = byId("panel"), what = state.chosen;
  panel.replaceChildren(!what ? overviewPage(MODEL, state.seen, state.filters, acts) : what.kind ? edgePage(what, acts) : entityPage(what, acts));
  panel.classList.toggle("open", Boolean(what));
  panel.scrollTop = 0;
}

function openView(name, focus = false) {
  state.view = name;
  for (const view of VIEWS) {
    byId("view-" + view).hidden = view !== name;
    const tab = byId("tab-" + view);
    tab.setAttribute("aria-selected", String(view === name));
    tab.tabIndex = view === name ? 0 : -1;
    if (view === name && focus) tab.focus();
  }
  drawView();
  if (name === "graph") graph.resize();
}

function drawTabs() {
  document.querySelector(".tabs").replaceChildren(...VIEWS.map((view, n) => el("button", { type: "button", role: "tab", id: "tab-" + view, "aria-controls": "view-" + view, onclick: () => openView(view),
    onkeydown: (event) => {
      const step = { ArrowLeft: language === "ar" ? 1 : -1, ArrowRight: language === "ar" ? -1 : 1 }[event.key];
      if (step) openView(VIEWS[(n + step + VIEWS.length) % VIEWS.length], true);
    } }, t(view), el("span", { class: "count", "data-count": view }))));
}

function drawCounts() {
  const counts = { graph: "", meetings: MODEL.meetings.filter((m) => meetingPasses(m, state.filters)).length, entities: state.seen.entities.size, edges: state.seen.edges.length };
  for (const badge of document.querySelectorAll("[data-count]")) badge.textContent = badge.dataset.count === "graph" ? "" : number(counts[badge.dataset.count]);
}

function drawSummary() {
  const { all, types, statuses, words, first, last, shown } = MODEL.counts;
  const figure = (value, label, kind = "") => el("div", { class: `figure ${kind}` }, el("strong", {}, number(value || 0)), el("span", {}, label));
  const meetings = el("div", { class: "figure wide" }, el("strong", {}, number(all.meetings)), el("span", {}, t("meetings"), all.events && all.events < all.meetings ? " " + t("inEvents", number(all.events)) : ""),
    el("span", { class: "split" }, ["held", "planned", "cancelled", "denied"].filter((s) => statuses[s]).map((s) => el("span", {}, el("i", { class: `dot ${s}` }), number(statuses[s]), " ", t(s)))));
  byId("summary").replaceChildren(figure(all.documents, t("documents")), figure(words, t("words")), figure(types.PER, t("people"), "PER"), figure(types.ORG, t("bodies"), "ORG"), figure(types.LOC, t("places"), "LOC"), meetings,
    ...(all.rejected ? [figure(all.rejected, t("rejectedDocs"), "warn")] : []), ...(first ? [el("div", { class: "figure when" }, el("span", {}, period(first, last)))] : []));
  const part = ["entities", "edges", "meetings"].some((k) => shown[k] < all[k]);
  byId("limits").textContent = t(part ? "shownPart" : "shownAll", ...["entities", "edges", "meetings"].flatMap((k) => [number(shown[k]), number(all[k])]));
}

// Everything that depends on the language.
function translate() {
  document.documentElement.lang = language;
  document.documentElement.dir = language === "ar" ? "rtl" : "ltr";
  document.title = `${t("brand")} · ${t("tagline")}`;
  for (const node of document.querySelectorAll("[data-t]")) node.textContent = t(node.dataset.t);
  for (const [data, attribute] of [["tLabel", "aria-label"], ["tTitle", "title"], ["tPlaceholder", "placeholder"]]) {
    for (const node of document.querySelectorAll(`[data-${data.replace(/[A-Z]/g, (c) => "-" + c.toLowerCase())}]`)) node.setAttribute(attribute, t(node.dataset[data]));
  }
  const other = language === "ar" ? ["EN", "English", "en"] : ["ع", "العربية", "ar"];
  Object.assign(byId("language"), { textContent: other[0], lang: other[2] });
  byId("language").setAttribute("aria-label", other[1]);
  drawTabs();
  drawSummary();
  drawFilters();
  drawLegend();
  timeline.render();
  refresh();
  openView(state.view);
  drawPanel();
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  graph.colours();
}

byId("language").addEventListener("click", () => { language = language === "ar" ? "en" : "ar"; remembered.set("language", language); translate(); });
byId("theme").addEventListener("click", () => {
  const dark = document.documentElement.dataset.theme === "dark" || (document.documentElement.dataset.theme === "auto" && matchMedia("(prefers-color-scheme: dark)").matches);
  remembered.set("theme", dark ? "light" : "dark");
  setTheme(dark ? "light" : "dark");
});
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => graph.colours());
byId("zoomin").addEventListener("click", () => graph.by(1.5));
byId("zoomout").addEventListener("click", () => graph.by(1 / 1.5));
byId("fit").addEventListener("click", () => graph.fit());
addEventListener("popstate", () => { state.chosen = graph.chosen = readHash(); graph.draw(); drawPanel(); });
addEventListener("keydown", (event) => {
  if (event.key === "/" && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) { event.preventDefault(); byId("search").focus(); }
});

if (matchMedia("(max-width: 900px)").matches) byId("filterbox").open = false;
language = remembered.get("language") === "en" ? "en" : "ar";
setTheme(remembered.get("theme") || "auto");
state.chosen = graph.chosen = readHash();
translate();
graph.fit(0);
searchBox();
document.documentElement.dataset.ready = "true";

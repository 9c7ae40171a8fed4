// The filters, the legend and the search box.
function choices(key, name, values, chosen, mark) {
  return el("fieldset", {}, el("legend", {}, t(key)), values.map((value) => {
    const box = el("input", { type: "checkbox", name, value, checked: chosen.has(value) });
    box.addEventListener("change", () => { if (box.checked) chosen.add(value); else chosen.delete(value); refresh(); });
    return el("label", { class: "check" }, box, mark(value), el("span", {}, t(value)));
  }));
}

function slider(key, name, least, most, step, value, words, change) {
  const out = el("output", { for: "f-" + name }, words(value));
  const range = el("input", { type: "range", id: "f-" + name, name, min: least, max: most, step, value });
  range.addEventListener("input", () => { out.textContent = words(Number(range.value)); change(Number(range.value)); refresh(); });
  return el("div", { class: "slide" }, el("label", { for: "f-" + name }, t(key)), out, range);
}

function toggle(key, name, on, change) {
  const box = el("input", { type: "checkbox", name, checked: on });
  box.addEventListener("change", () => { change(box.checked); refresh(); });
  return el("label", { class: "check" }, box, el("span", {}, t(key)));
}

const stroke = (kind, status = "") => el("i", { class: `stroke ${kind} ${status}` });

function drawFilters() {
  const f = state.filters;
  const heaviest = Math.min(20, Math.max(1, ...MODEL.edges.map((e) => e.weight || 1)));
  const around = f.around ? el("p", { class: "around" }, bdi(t("around", f.around.name)), el("button", { type: "button", onclick: () => { f.around = null; drawFilters(); refresh(); graph.fit(); } }, t("everything"))) : null;
  byId("filters").replaceChildren(...[around,
    choices("types", "type", ["PER", "ORG", "LOC"], f.types, (v) => sign(v)),
    choices("kinds", "kind", ["meeting", "position", "relation", "co_mention"], f.kinds, (v) => stroke(v, v === "meeting" ? "held" : "")),
    choices("statuses", "status", ["held", "planned", "cancelled", "denied"], f.statuses, (v) => stroke("meeting", v)),
    el("fieldset", {}, slider("confidence", "confidence", 0, 1, 0.05, f.confidence, percent, (v) => { f.confidence = v; }),
      heaviest > 1 ? slider("weight", "weight", 1, heaviest, 1, f.weight, number, (v) => { f.weight = v; }) : null,
      toggle("undated", "undated", f.undated, (v) => { f.undated = v; }), toggle("lonely", "lonely", f.lonely, (v) => { f.lonely = v; })),
    el("button", { type: "button", class: "act", id: "reset", onclick: () => { state.filters = freshFilters(MODEL); timeline.range = null; timeline.place(); drawFilters(); refresh(); graph.fit(); } }, t("reset")),
  ].filter(Boolean));
}

function drawLegend() {
  byId("legend").replaceChildren(...["PER", "ORG", "LOC"].map((type) => el("span", {}, sign(type, 10), t(type))),
    ...[["meeting", "held"], ["meeting", "planned"], ["meeting", "denied"], ["position", ""], ["relation", ""], ["co_mention", ""]].map(([kind, status]) => el("span", {}, stroke(kind, status), status === "denied" ? `${t("cancelled")} / ${t("denied")}` : status ? `${t("meeting")} ${t(status)}` : t(kind))));
}

function searchBox() {
  const input = byId("search"), list = byId("found");
  let rows = [], at = -1;
  const hide = () => { list.hidden = true; at = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };
  const pick = (entity) => { hide(); input.value = entity.name; choose(entity, true); };
  const mark = () => {
    [...list.children].forEach((row, n) => { row.setAttribute("aria-selected", String(n === at)); if (n === at) { input.setAttribute("aria-activedescendant", row.id); row.scrollIntoView({ block: "nearest" }); } });
  };
  const look = () => {
    rows = findEntities(MODEL, input.value);
    at = rows.length ? 0 : -1;
    list.replaceChildren(...(rows.length ? rows.map(({ entity }, n) => el("li", { role: "option", id: "found-" + n, "data-entity": entity.index, onpointerdown: (event) => { event.preventDefault(); pick(entity); } },
      sign(entity.type), bdi(entity.name), el("span", { class: "faint" }, otherName(entity, input.value)), el("span", { class: "count" }, number(entity.mentions))))
      : [el("li", { class: "none", role: "option", "aria-disabled": "true" }, t("noResults"))]));
    list.hidden = !input.value.trim();
    input.setAttribute("aria-expanded", String(!list.hidden));
    mark();
  };
  input.addEventListener("input", look);
  input.addEventListener("focus", () => { if (input.value) look(); });
  input.addEventListener("blur", hide);
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) return look();
      at = rows.length ? (at + (event.key === "ArrowDown" ? 1 : -1) + rows.length) % rows.length : -1;
      mark();
    } else if (event.key === "Enter" && rows[at]) { event.preventDefault(); pick(rows[at].entity); }
    else if (event.key === "Escape") { hide(); input.value = ""; }
    return undefined;
  });
}

// The alias that made a name come up, where the name itself does not show why.
function otherName(entity, typed) {
  const wanted = fold(typed);
  if (fold(entity.name).includes(wanted)) return entity.positions.find((p) => p.holder === entity)?.title || "";
  return entity.aliases.find((alias) => fold(alias).includes(wanted)) || "";
}

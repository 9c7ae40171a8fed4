// Small builders. Text enters the page only as text nodes, and every name is isolated from the direction of what surrounds it.
function el(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") node.className = value;
    else if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return node;
}
const SVG = "http://www.w3.org/2000/svg";
function svg(name, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, String(value));
  node.append(...children);
  return node;
}
const bdi = (text, attributes = {}) => el("bdi", attributes, text);
const byId = (id) => document.getElementById(id);
const announce = (text) => { byId("live").textContent = text; };

// The sign of a type: a disc for a person, a square for an organisation, a diamond for a place.
function sign(type, size = 12) {
  const shapes = { PER: ["circle", { cx: 6, cy: 6, r: 5 }], ORG: ["rect", { x: 1.5, y: 1.5, width: 9, height: 9, rx: 2 }], LOC: ["path", { d: "M6 .4 11.6 6 6 11.6.4 6z" }] };
  const [shape, attributes] = shapes[type] || shapes.PER;
  return svg("svg", { viewBox: "0 0 12 12", width: size, height: size, class: `sign ${type}`, "aria-hidden": "true" }, svg(shape, attributes));
}

const entityButton = (entity, open) => el("button", { type: "button", class: "name", "data-entity": entity.index, onclick: () => open(entity) },
  sign(entity.type), bdi(entity.name), el("span", { class: "unseen" }, ` (${t(entity.type)})`));
const chip = (text, kind = "") => el("span", { class: `chip ${kind}` }, text);

function confidenceBar(confidence) {
  if (confidence === null || confidence === undefined) return null;
  const bar = el("span", { class: "sure", title: `${t("confidenceOf")} ${percent(confidence)}` }, el("i"), el("span", {}, percent(confidence)));
  bar.firstChild.style.setProperty("--sure", `${Math.round(confidence * 100)}%`);
  bar.prepend(el("span", { class: "unseen" }, t("confidenceOf") + " "));
  return bar;
}

const documentName = (doc) => el("span", { class: "document" }, t("document") + ": ", bdi(doc.title || doc.id, { title: doc.source }), doc.date ? " · " + when(doc.date) : "");

// A sentence as a quotation, its names and trigger highlighted; `marked` are the entities in question.
function quotation(sentence, document, marked = []) {
  const figure = el("figure", { class: "quote" });
  if (sentence && sentence.pieces) {
    const quote = el("blockquote", { dir: "auto" });
    for (const piece of sentence.pieces) {
      if (typeof piece === "string") quote.append(piece);
      else if (piece.length === 1) quote.append(el("em", { class: "trigger", title: t("trigger") }, piece[0]));
      else {
        const entity = MODEL.entities[piece[1]];
        const mark = el("mark", { class: entity ? entity.type + (marked.includes(entity) ? " chosen" : "") : "other" }, bdi(piece[0]));
        if (entity) mark.title = entity.name;
        quote.append(mark);
      }
    }
    figure.append(quote);
  } else if (sentence) figure.append(el("p", { class: "faint" }, t("noText", number(sentence.start), number(sentence.end))));
  if (document) figure.append(el("figcaption", {}, documentName(document)));
  return figure;
}

function emptyState(title, hint) {
  return el("div", { class: "nothing" }, svg("svg", { viewBox: "0 0 48 32", width: 72, height: 48, "aria-hidden": "true" }, svg("circle", { cx: 15, cy: 16, r: 11 }), svg("circle", { cx: 33, cy: 16, r: 11 })), el("strong", {}, title), el("p", {}, hint));
}

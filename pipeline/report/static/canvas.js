// The graph on a canvas: drawn only when something changed, ties in a few batches, labels where there is room.
// What is pointed at or chosen is drawn over a faded copy of the whole, so that pointing costs the same in any graph.
const EDGE_STYLES = ["co_mention", "relation", "position", "meeting:held", "meeting:planned", "meeting:cancelled", "meeting:denied"];
const DASHES = { "meeting:planned": [7, 5], "meeting:cancelled": [2, 5], "meeting:denied": [2, 5] };
const MOVING_TIES = 2500;
const styleOf = (edge) => (edge.kind === "meeting" ? `meeting:${edge.label}` : edge.kind);

class GraphView {
  constructor(canvas, model, { choose, tip }) {
    Object.assign(this, { canvas, model, choose, tip, seen: { entities: new Set(), edges: [] }, chosen: null, hovered: null, view: d3.zoomIdentity, waiting: false });
    this.context = canvas.getContext("2d");
    this.sheet = document.createElement("canvas");
    this.zoom = d3.zoom().scaleExtent([0.02, 8]).on("zoom", (event) => { this.view = event.transform; this.glide(); });
    this.selection = d3.select(canvas);
    this.selection
      .call(d3.drag().container(canvas).subject((event) => this.dragSubject(event)).on("drag", (event) => this.move(event)).on("start", () => { this.moved = false; }))
      .call(this.zoom).on("dblclick.zoom", null)
      .on("click", (event) => this.click(event)).on("pointermove", (event) => this.hover(event)).on("pointerleave", () => this.point(null));
    canvas.addEventListener("keydown", (event) => this.key(event));
    new ResizeObserver(() => this.resize()).observe(canvas.parentElement);
    this.colours();
    this.resize();
  }

  colours() {
    const style = getComputedStyle(document.documentElement);
    this.paint = Object.fromEntries(["PER", "ORG", "LOC", "ink", "faint", "paper", "accent", "held", "planned", "cancelled", "denied", "relation", "position", "co_mention"]
      .map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
    this.font = getComputedStyle(document.body).fontFamily;
    this.draw();
  }

  resize() {
    const { clientWidth, clientHeight } = this.canvas.parentElement;
    if (!clientWidth || !clientHeight) return;
    const ratio = Math.min(window.devicePixelRatio || 1, 2);
    const first = !this.width;
    Object.assign(this, { width: clientWidth, height: clientHeight, ratio });
    this.canvas.width = Math.round(clientWidth * ratio);
    this.canvas.height = Math.round(clientHeight * ratio);
    if (first) this.fit(0); else this.draw();
  }

  show(seen) {
    this.seen = seen;
    this.lines = new Set(seen.edges);
    this.shown = [...seen.entities].sort((a, b) => b.r - a.r || a.index - b.index);
    this.tree = d3.quadtree(this.shown, (e) => e.x, (e) => e.y);
    this.draw();
  }

  // Moves the view so that the given entities (or all shown) fill it.
  fit(duration = 500, entities = this.shown || []) {
    if (!entities.length || !this.width) return;
    const xs = entities.map((e) => e.x), ys = entities.map((e) => e.y);
    const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const scale = Math.min(1.8, Math.min((this.width - 90) / (x1 - x0 + 60), (this.height - 110) / (y1 - y0 + 40)));
    this.go(d3.zoomIdentity.translate(this.width / 2, this.height / 2 - 22).scale(scale).translate(-(x0 + x1) / 2, -(y0 + y1) / 2), duration);
  }

  go(transform, duration = 500) {
    const still = duration === 0 || matchMedia("(prefers-reduced-motion: reduce)").matches;
    (still ? this.selection : this.selection.transition().duration(duration)).call(this.zoom.transform, transform);
  }

  centre(entity) {
    const scale = Math.max(this.view.k, 0.9);
    this.go(d3.zoomIdentity.translate(this.width / 2, this.height / 2).scale(scale).translate(-entity.x, -entity.y));
  }

  // While a large graph moves, only its strongest ties and names are drawn; all of it as soon as it rests.
  glide() {
    this.moving = true;
    clearTimeout(this.resting);
    this.resting = setTimeout(() => { this.moving = false; this.draw(); }, 160);
    this.draw();
  }

  // With `again` false nothing has changed but what is set off.
  draw(again = true) {
    this.stale = this.stale || again;
    if (this.waiting) return;
    this.waiting = true;
    requestAnimationFrame(() => { this.waiting = false; this.render(); });
  }

  render() {
    if (!this.shown || !this.width) return;
    const { context: c, ratio } = this;
    if (this.stale) this.drawSheet();
    this.stale = false;
    const lit = this.neighbourhood();
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.clearRect(0, 0, this.canvas.width, this.canvas.height);
    c.globalAlpha = lit ? 0.18 : 1;
    c.drawImage(this.sheet, 0, 0);
    c.globalAlpha = 1;
    if (!lit) return;
    this.place(c);
    this.drawEdges(c, lit.edges, true);
    this.drawNodes(c, [...lit.entities].filter((entity) => this.seen.entities.has(entity)));
    this.ring(c);
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.drawLabels(c, [...lit.entities].sort((a, b) => b.r - a.r), true);
  }

  place(c) {
    const { view, ratio } = this;
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    c.translate(view.x, view.y);
    c.scale(view.k, view.k);
  }

  // The whole graph, nothing set off.
  drawSheet() {
    const { sheet, canvas, ratio } = this;
    if (sheet.width !== canvas.width || sheet.height !== canvas.height) Object.assign(sheet, { width: canvas.width, height: canvas.height });
    const c = sheet.getContext("2d");
    c.setTransform(1, 0, 0, 1, 0, 0);
    c.clearRect(0, 0, sheet.width, sheet.height);
    this.place(c);
    this.drawEdges(c, this.moving ? this.seen.edges.slice(0, MOVING_TIES) : this.seen.edges, false);
    this.drawNodes(c, this.shown);
    c.setTransform(ratio, 0, 0, ratio, 0, 0);
    this.drawLabels(c, this.shown, false);
  }

  // The entities and ties to set off from the rest: those of what is hovered, else of what is chosen.
  neighbourhood() {
    const what = this.hovered || this.chosen;
    if (!what) return null;
    if (what.kind) return { entities: new Set([what.a, what.b]), edges: new Set([what]) };
    const edges = new Set(what.edges.filter((edge) => this.lines.has(edge)));
    return { entities: new Set([what, ...[...edges].flatMap((edge) => [edge.a, edge.b])]), edges };
  }

  drawEdges(c, edges, lit) {
    const { view, paint } = this;
    const [left, top] = view.invert([0, 0]), [right, bottom] = view.invert([this.width, this.height]);
    const batches = new Map(), few = this.seen.edges.length < 1200;
    for (const edge of edges) {
      const { a, b } = edge;
      if ((a.x < left && b.x < left) || (a.x > right && b.x > right) || (a.y < top && b.y < top) || (a.y > bottom && b.y > bottom)) continue;
      const width = edge.weight > 5 ? 3 : edge.weight > 1 ? 2 : 1;
      const key = `${EDGE_STYLES.indexOf(styleOf(edge))}|${width}`;
      if (!batches.has(key)) batches.set(key, []);
      batches.get(key).push(edge);
    }
    c.lineCap = "butt";
    for (const key of [...batches.keys()].sort()) {
      const [style, width] = key.split("|").map(Number);
      const name = EDGE_STYLES[style] || "relation";
      c.strokeStyle = paint[name.split(":").pop()] || paint.relation;
      c.globalAlpha = lit ? 1 : (name === "co_mention" ? 0.4 : 0.85) * (few ? 1 : 0.7);
      c.lineWidth = ((lit ? 1 : few ? 0.7 : 0.2) + width * 0.8) / Math.max(view.k, 0.35) ** 0.7;
      c.setLineDash((DASHES[name] || []).map((n) => n / Math.max(view.k, 0.35)));
      c.beginPath();
      for (const { a, b, slot } of batches.get(key)) {
        let dx = 0, dy = 0;
        if (slot) {
          const long = Math.hypot(b.x - a.x, b.y - a.y) || 1;
          const off = (slot * 4.5) / Math.max(view.k, 0.5);
          dx = (-(b.y - a.y) / long) * off; dy = ((b.x - a.x) / long) * off;
        }
        c.moveTo(a.x + dx, a.y + dy);
        c.lineTo(b.x + dx, b.y + dy);
      }
      c.stroke();
    }
    c.setLineDash([]);
    c.globalAlpha = 1;
  }

  radius(entity) { return entity.r / Math.max(Math.min(this.view.k, 1.4), 0.05) ** 0.6; }

  drawNodes(c, entities) {
    const { paint, view } = this;
    const [left, top] = view.invert([-30, -30]), [right, bottom] = view.invert([this.width + 30, this.height + 30]);
    for (const type of ["LOC", "ORG", "PER"]) {
      c.fillStyle = paint[type];
      c.strokeStyle = paint.paper;
      c.lineWidth = 1.5 / Math.max(view.k, 0.4);
      c.beginPath();
      for (const entity of entities) {
        const { x, y } = entity;
        if (entity.type !== type || x < left || x > right || y < top || y > bottom) continue;
        const r = this.radius(entity);
        if (type === "PER") { c.moveTo(x + r, y); c.arc(x, y, r, 0, 2 * Math.PI); }
        else if (type === "ORG") c.roundRect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8, r * 0.35);
        else { c.moveTo(x, y - r * 1.15); c.lineTo(x + r * 1.15, y); c.lineTo(x, y + r * 1.15); c.lineTo(x - r * 1.15, y); c.closePath(); }
      }
      c.fill();
      if (!this.moving || entities.length < 1500) c.stroke();
    }
  }

  // A ring around the chosen name.
  ring(c) {
    const { chosen, paint, view } = this;
    if (!chosen || chosen.kind || !this.seen.entities.has(chosen)) return;
    c.strokeStyle = paint.accent;
    c.lineWidth = 2.5 / view.k;
    c.beginPath();
    c.arc(chosen.x, chosen.y, this.radius(chosen) + 5 / view.k, 0, 2 * Math.PI);
    c.stroke();
  }

  drawLabels(c, entities, lit) {
    const { paint, view } = this;
    const taken = [];
    let written = 0;
    c.textAlign = "center";
    c.textBaseline = "top";
    c.direction = "rtl";
    c.lineJoin = "round";
    for (const entity of entities) {
      if (written > (this.moving ? 40 : 140)) break;
      if (!lit && written > 14 && this.radius(entity) * view.k < 3.1) continue;
      if (!this.seen.entities.has(entity)) continue;
      const [x, y] = view.apply([entity.x, entity.y]);
      if (x < -60 || x > this.width + 60 || y < -20 || y > this.height + 20) continue;
      const size = Math.min(17, 11.5 + entity.r * 0.22);
      const name = entity.name.length > 34 ? entity.name.slice(0, 33) + "…" : entity.name;
      c.font = `${entity.r > 10 || lit ? 600 : 500} ${size}px ${this.font}`;
      const half = c.measureText(name).width / 2 + 3, down = y + this.radius(entity) * view.k + 3;
      const box = [x - half, down - 1, x + half, down + size + 4];
      if (taken.some((o) => box[0] < o[2] && box[2] > o[0] && box[1] < o[3] && box[3] > o[1])) continue;
      taken.push(box);
      written += 1;
      c.strokeStyle = paint.paper;
      c.lineWidth = 4;
      c.strokeText(name, x, down);
      c.fillStyle = paint.ink;
      c.fillText(name, x, down);
    }
  }

  entityAt(px, py) {
    if (!this.tree) return null;
    const [x, y] = this.view.invert([px, py]);
    const near = this.tree.find(x, y, 40 / this.view.k);
    return near && Math.hypot(near.x - x, near.y - y) <= this.radius(near) + 6 / this.view.k ? near : null;
  }

  edgeAt(px, py) {
    const [x, y] = this.view.invert([px, py]);
    let best = null, least = 6 / this.view.k;
    for (const edge of this.seen.edges) {
      const { a, b } = edge;
      const vx = b.x - a.x, vy = b.y - a.y, long = vx * vx + vy * vy || 1;
      const along = Math.max(0, Math.min(1, ((x - a.x) * vx + (y - a.y) * vy) / long));
      const shift = (edge.slot * 4.5) / Math.max(this.view.k, 0.5) / Math.sqrt(long);
      const away = Math.hypot(x - a.x - along * vx + vy * shift, y - a.y - along * vy - vx * shift);
      if (away < least) { least = away; best = edge; }
    }
    return best;
  }

  dragSubject(event) {
    const entity = this.entityAt(event.x, event.y);
    if (!entity) return undefined;
    const [x, y] = this.view.apply([entity.x, entity.y]);
    return { x, y, entity };
  }

  move(event) {
    [event.subject.entity.x, event.subject.entity.y] = this.view.invert([event.x, event.y]);
    this.moved = true;
    this.draw();
  }

  click(event) {
    if (event.defaultPrevented) return;
    const [x, y] = d3.pointer(event, this.canvas);
    if (this.moved) { this.moved = false; this.show(this.seen); }
    this.choose(this.entityAt(x, y) || this.edgeAt(x, y));
  }

  hover(event) {
    if (event.buttons) return this.point(null);
    const [x, y] = d3.pointer(event, this.canvas);
    return this.point(this.entityAt(x, y) || this.edgeAt(x, y), x, y);
  }

  point(what, x, y) {
    this.canvas.style.cursor = what ? "pointer" : "grab";
    if (what !== this.hovered) { this.hovered = what; this.draw(false); }
    this.tip(what, x, y);
  }

  key(event) {
    const step = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] }[event.key];
    if (step) this.go(d3.zoomIdentity.translate(this.view.x + step[0], this.view.y + step[1]).scale(this.view.k), 0);
    else if (event.key === "+" || event.key === "=") this.by(1.4);
    else if (event.key === "-") this.by(1 / 1.4);
    else if (event.key === "0") this.fit();
    else if ((event.key === "n" || event.key === "p") && this.shown.length) {
      const at = this.shown.indexOf(this.focused) + (event.key === "n" ? 1 : -1);
      this.focused = this.shown[(at + this.shown.length) % this.shown.length];
      this.hovered = this.focused;
      this.centre(this.focused);
      announce(`${this.focused.name} (${t(this.focused.type)})`);
    } else if (event.key === "Enter" && this.focused) this.choose(this.focused);
    else if (event.key === "Escape") this.choose(null);
    else return;
    event.preventDefault();
  }

  by(factor) { this.selection.transition().duration(200).call(this.zoom.scaleBy, factor); }
}

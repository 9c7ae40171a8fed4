// Meetings over time as bars, with a stretch of time to drag: two handles that are sliders to keyboard and screen reader.
class Timeline {
  constructor(host, model, { change }) {
    Object.assign(this, { host, model, change, range: null });
    new ResizeObserver(() => { if (host.clientWidth !== this.width) this.render(); }).observe(host);
  }

  // Bars of equal spans of days, each with its meetings by status.
  bars() {
    const [first, last] = this.model.time;
    const days = last - first + 1;
    const step = [1, 7, 30.4375, 91.3, 365.25, 1826.25].find((s) => days / s <= Math.max(24, this.width / 9)) || 3652.5;
    const bars = Array.from({ length: Math.ceil(days / step) }, (_, n) => ({ from: first + n * step, to: first + (n + 1) * step, held: 0, planned: 0, cancelled: 0, denied: 0, n: 0 }));
    for (const meeting of this.model.meetings) {
      if (!meeting.days) continue;
      const bar = bars[Math.min(bars.length - 1, Math.max(0, Math.floor((meeting.days[0] - first) / step)))];
      if (meeting.status in bar) { bar[meeting.status] += 1; bar.n += 1; }
    }
    return bars;
  }

  x(day) {
    const [first, last] = this.model.time;
    const share = (day - first) / Math.max(1, last + 1 - first);
    const inner = this.width - 32;
    return 16 + inner * (language === "ar" ? 1 - share : share);
  }

  day(x) {
    const [first, last] = this.model.time;
    const share = Math.max(0, Math.min(1, (x - 16) / (this.width - 32)));
    return Math.round(first + (language === "ar" ? 1 - share : share) * (last + 1 - first));
  }

  render() {
    this.width = this.host.clientWidth;
    this.host.replaceChildren();
    if (!this.model.time) { this.host.append(el("p", { class: "faint" }, t("noDates"))); return; }
    if (!this.width) return;
    const high = 82, head = 26;
    const picture = svg("svg", { width: this.width, height: high + 22, "aria-hidden": "true" });
    const bars = this.bars();
    const most = Math.max(1, ...bars.map((b) => b.n));
    for (const bar of bars) {
      const [x0, x1] = [this.x(bar.from), this.x(Math.min(bar.to, this.model.time[1] + 1))].sort((a, b) => a - b);
      let top = high;
      for (const status of ["held", "planned", "cancelled", "denied"]) {
        const tall = (bar[status] / most) * (high - head);
        if (!tall) continue;
        top -= tall;
        picture.append(svg("rect", { x: x0 + 0.5, y: top, width: Math.max(1.5, Math.min(26, x1 - x0 - 1)), height: tall, class: `bar ${status}`, rx: 1.5 }));
      }
    }
    picture.append(svg("line", { x1: 16, x2: this.width - 16, y1: high + 0.5, y2: high + 0.5, class: "axis" }));
    this.ticks(picture, high);
    this.shade = svg("rect", { y: head - 4, height: high - head + 4, class: "brush" });
    picture.append(this.shade);
    this.host.append(picture, this.handle(0), this.handle(1), this.label());
    picture.addEventListener("pointerdown", (event) => this.dragFrom(event));
    this.place();
  }

  ticks(picture, high) {
    const [first, last] = this.model.time;
    const years = (last - first) / 365.25;
    const step = years > 40 ? 10 : years > 14 ? 5 : years > 3 ? 1 : years > 1 ? 0.25 : years > 0.25 ? 1 / 12 : 1 / 52;
    let edge = -Infinity;
    const marks = [];
    for (let n = 0; n * step <= years + step; n += 1) {
      const base = new Date(first * DAY);
      const at = step >= 1 ? Date.UTC(Math.ceil(base.getUTCFullYear() / step) * step + n * step, 0, 1)
        : step > 0.05 ? Date.UTC(base.getUTCFullYear(), base.getUTCMonth() + Math.round(n * step * 12), 1) : (first + n * 7) * DAY;
      const day = at / DAY;
      if (day >= first && day <= last) marks.push([this.x(day), new Date(at).toISOString().slice(0, step >= 1 ? 4 : step > 0.05 ? 7 : 10)]);
    }
    const wide = marks.filter(([x]) => x > 40 && x < this.width - 40);
    if (!wide.length) { // a short time: its first and last day
      const iso = (day) => new Date(day * DAY).toISOString().slice(0, 10), inset = 64;
      marks.splice(0, marks.length, ...[first, last].map((day) => [Math.max(inset, Math.min(this.width - inset, this.x(day))), iso(day)]));
    }
    for (const [x, text] of marks.sort((a, b) => a[0] - b[0])) {
      if (x - edge < 84 || x < 40 || x > this.width - 40) continue;
      edge = x;
      picture.append(svg("line", { x1: x, x2: x, y1: high, y2: high + 4, class: "axis" }));
      const label = svg("text", { x, y: high + 16, "text-anchor": "middle" });
      label.textContent = when(text);
      picture.append(label);
    }
  }

  get now() { return this.range || [this.model.time[0], this.model.time[1]]; }

  handle(which) {
    const handle = el("div", { class: "handle", role: "slider", tabindex: 0, "aria-label": t(which ? "to" : "from"), "data-which": which });
    handle.addEventListener("keydown", (event) => {
      const later = language === "ar" ? "ArrowLeft" : "ArrowRight", earlier = language === "ar" ? "ArrowRight" : "ArrowLeft";
      const long = Math.max(1, Math.round((this.model.time[1] - this.model.time[0]) / 60));
      const step = { [later]: long, ArrowUp: long, [earlier]: -long, ArrowDown: -long, PageUp: 10 * long, PageDown: -10 * long, Home: -1e7, End: 1e7 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.set(which, this.now[which] + step);
    });
    handle.addEventListener("pointerdown", (event) => this.follow(event, handle, (x) => this.set(which, this.day(x) - (which ? 1 : 0))));
    return handle;
  }

  follow(event, target, act) {
    event.preventDefault();
    event.stopPropagation();
    target.setPointerCapture(event.pointerId);
    if (target.focus) target.focus({ preventScroll: true });
    const left = this.host.getBoundingClientRect().left;
    const move = (e) => act(e.clientX - left);
    const stop = () => { target.removeEventListener("pointermove", move); };
    target.addEventListener("pointermove", move);
    target.addEventListener("pointerup", stop, { once: true });
    target.addEventListener("pointercancel", stop, { once: true });
  }

  // A drag inside the stretch moves it; elsewhere it draws a new one.
  dragFrom(event) {
    const picture = event.currentTarget;
    const left = this.host.getBoundingClientRect().left;
    const began = this.day(event.clientX - left);
    const [from, to] = this.now;
    const moving = this.range && began >= from && began <= to;
    this.follow(event, picture, (x) => {
      const day = this.day(x);
      if (moving) {
        const shift = Math.max(this.model.time[0] - from, Math.min(this.model.time[1] - to, day - began));
        this.put([from + shift, to + shift]);
      } else this.put([Math.min(began, day), Math.max(began, day)]);
    });
  }

  set(which, day) {
    const next = [...this.now];
    next[which] = Math.max(this.model.time[0], Math.min(this.model.time[1], day));
    if (next[0] > next[1]) next[which] = next[1 - which];
    this.put(next);
  }

  put(range) {
    const whole = range[0] <= this.model.time[0] && range[1] >= this.model.time[1];
    this.range = whole ? null : range;
    this.place();
    this.change(this.range);
  }

  label() {
    this.words = el("button", { type: "button", class: "range", onclick: () => this.put(this.model.time) });
    return this.words;
  }

  place() {
    if (!this.model.time || !this.shade) return;
    const [from, to] = this.now;
    const [x0, x1] = [this.x(from), this.x(to + 1)].sort((a, b) => a - b);
    this.shade.setAttribute("x", x0);
    this.shade.setAttribute("width", Math.max(2, x1 - x0));
    this.shade.setAttribute("class", this.range ? "brush" : "brush whole");
    const text = (day) => when(new Date(day * DAY).toISOString().slice(0, 10));
    for (const handle of this.host.querySelectorAll(".handle")) {
      const which = Number(handle.dataset.which), day = this.now[which];
      handle.style.left = `${this.x(which ? day + 1 : day)}px`;
      handle.setAttribute("aria-valuemin", this.model.time[0]);
      handle.setAttribute("aria-valuemax", this.model.time[1]);
      handle.setAttribute("aria-valuenow", day);
      handle.setAttribute("aria-valuetext", text(day));
    }
    this.words.textContent = this.range ? `${text(from)} – ${text(to)}  ×` : t("allTime");
    this.words.disabled = !this.range;
  }
}

/* A stretch of lines that is on the screen as a whole or, when it is far away, only as its height. So a conversation of ten
   thousand lines keeps a few hundred elements. */

import { h } from "./dom.js";
import { dayOf, dayView } from "./days.js";
import { foldable, foldView, runs } from "./fold.js";
import { lineView } from "./line.js";

export const CHUNK = 50; // lines

export class Chunk {
  #height = 0;
  #unfolded = new Set(); // the first lines of folds that are open
  shown = false;

  /**
   * `before()` gives the last line above this chunk, `mark(line)` what stands below a line, or null; `makeHead()` makes an
   * element above the lines. `kept(line)`: whether a system line is not to be folded away.
   */
  constructor(desk, lines, { before, mark, kept, makeHead = null }) {
    this.desk = desk;
    this.lines = lines;
    this.before = before;
    this.mark = mark;
    this.kept = kept;
    this.makeHead = makeHead;
    this.node = h("div", { class: "chunk" });
    this.node.chunk = this;
  }

  show() {
    if (this.shown) return;
    this.shown = true;
    this.redraw();
  }

  /** Keeps the place, drops the elements. Not while the reader is in it. */
  hide() {
    if (!this.shown || this.node.contains(document.activeElement)) return;
    this.#height = this.node.getBoundingClientRect().height;
    this.shown = false;
    this.node.style.height = `${this.#height}px`;
    this.node.replaceChildren();
  }

  redraw() {
    if (!this.shown) return;
    const focused = this.#focused();
    this.node.style.height = "";
    let before = this.before();
    const entries = [];
    if (this.makeHead) {
      entries.push(this.makeHead());
      before = null;
    }
    for (const part of runs(this.desk, this.lines, this.kept, sameDay)) {
      const lines = Array.isArray(part) ? part : [part];
      const views = lines.flatMap((line) => {
        const view = this.#entry(line, before);
        before = line;
        return view;
      });
      entries.push(...(Array.isArray(part) ? this.#fold(part, views) : views));
    }
    this.node.replaceChildren(...entries);
    if (focused) this.node.querySelector(focused)?.focus({ preventScroll: true });
  }

  /** How to find again what has the focus. */
  #focused() {
    if (!this.node.contains(document.activeElement)) return null;
    const { seq } = document.activeElement.closest("[data-seq]")?.dataset ?? {};
    if (seq) return `[data-seq="${seq}"]`;
    const { fold } = document.activeElement.closest("[data-fold]")?.dataset ?? {};
    return fold ? `[data-fold="${fold}"] > summary` : null;
  }

  /** The day stands above the fold, not in it. */
  #fold(run, views) {
    const [{ seq }] = run;
    const day = views[0].matches(".entry, [hidden]") ? [] : views.splice(0, 1);
    const ontoggle = (open) => (open ? this.#unfolded.add(seq) : this.#unfolded.delete(seq));
    return [...day, foldView(this.desk, run, views, { open: this.#unfolded.has(seq), ontoggle })];
  }

  /** Takes a line in at its place. */
  put(line) {
    const known = this.lines.findIndex((other) => other.seq === line.seq);
    const place = this.lines.findIndex((other) => other.seq > line.seq);
    if (known < 0 && place < 0) {
      const before = this.lines.at(-1) ?? this.before();
      this.lines.push(line);
      if (foldable(line) && before && foldable(before)) this.redraw();
      else if (this.shown) this.node.append(...this.#entry(line, before));
      return;
    }
    if (known >= 0) this.lines[known] = line;
    else this.lines.splice(place, 0, line);
    this.redraw();
  }

  /** The element of a line, if it is drawn. */
  find(seq) {
    return this.node.querySelector(`[data-seq="${seq}"]`);
  }

  /** Takes a line in of which only the mark is another: the rest stays, also what is open in it. */
  remark(line) {
    const index = this.lines.findIndex((other) => other.seq === line.seq);
    const folds = foldable(this.lines[index]) !== foldable(line);
    this.lines[index] = line;
    if (folds) {
      this.redraw();
      return;
    }
    const node = this.find(line.seq);
    const place = node?.querySelector(".mark-place");
    if (!place) return;
    const focused = place.contains(document.activeElement);
    const mark = this.mark(line);
    place.replaceChildren(...(mark ? [mark] : []));
    if (focused) (place.querySelector("button") ?? node).focus({ preventScroll: true });
  }

  #entry(line, before) {
    const day = !before || dayOf(before) !== dayOf(line) ? [dayView(line)] : [];
    return [...day, lineView(this.desk, line, day.length ? null : before, this.mark(line))];
  }
}

const sameDay = (before, line) => dayOf(before) === dayOf(line);
